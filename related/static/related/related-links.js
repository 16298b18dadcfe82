/*
 * <related-links article="newsroom.article:12" slot-key="related" expect="4" api="https://news.example/api/v1/">
 *   <a href="/sections/city/">More from the city</a>
 * </related-links>
 *
 * Shows the links of one slot; until they are there, and where there are none, what stands inside the
 * element. Described in docs/reference/templates.md.
 */
(() => {
  const NAME = "related-links";
  if (customElements.get(NAME)) return; // a page may load this file twice

  const AT_ONCE = 100; // documents in a request, as the API allows
  const RETRY_AFTER = [2, 8, 30]; // seconds; after the last, what stands inside the element stays
  const STYLES = new URL("related.css", document.currentScript?.src ?? import_url()).href;

  // A module has no currentScript; its address is that of the element's own script tag.
  function import_url() {
    const scripts = [...document.querySelectorAll("script[src]")];
    return scripts.find((script) => script.src.includes("related-links"))?.src ?? document.baseURI;
  }

  // All elements that ask in the same moment share a request, by the address of their API.
  const waiting = new Map();

  function ask(api, article) {
    if (!waiting.has(api)) {
      waiting.set(api, new Map());
      queueMicrotask(() => send(api));
    }
    const asked = waiting.get(api);
    if (!asked.has(article)) {
      const promise = {};
      promise.done = new Promise((resolve, reject) => Object.assign(promise, { resolve, reject }));
      asked.set(article, promise);
    }
    return asked.get(article).done;
  }

  async function send(api) {
    const all = [...waiting.get(api)];
    waiting.delete(api);
    for (let start = 0; start < all.length; start += AT_ONCE) {
      const some = all.slice(start, start + AT_ONCE);
      const query = some.map(([article]) => `id=${encodeURIComponent(article)}`).join("&");
      try {
        const response = await fetch(`${api}links/?${query}`, { credentials: "omit" });
        if (!response.ok) {
          const after = Number(response.headers.get("Retry-After")) || 0;
          throw Object.assign(new Error(`${response.url} answered ${response.status}`), { after });
        }
        const { results } = await response.json();
        const found = new Map(results.map((result) => [result.asked.id, result]));
        for (const [article, promise] of some) promise.resolve(found.get(article));
      } catch (error) {
        for (const [, promise] of some) promise.reject(error);
      }
    }
  }

  // Paths belong to the host that answered, not to the page that shows them.
  function webAddress(text, base) {
    if (!text) return null;
    try {
      const url = new URL(text, base);
      return ["http:", "https:"].includes(url.protocol) ? url.href : null;
    } catch {
      return null; // not an address at all
    }
  }

  function element(tag, part, text, attributes = {}) {
    const node = document.createElement(tag);
    if (part) {
      node.className = part === "slot" ? "related-slot" : `related-slot__${part}`;
      node.setAttribute("part", part);
    }
    if (text) node.textContent = text;
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  }

  function listItem(link, base) {
    const href = webAddress(link.url, base);
    if (!href) return null;
    const item = element("li", "item");
    const image = webAddress(link.image_url, base);
    if (image) item.append(element("img", "image", "", { src: image, alt: "", loading: "lazy" }));
    item.append(element("a", "link", link.title, { href, "data-related-target": `${link.type}:${link.id}` }));
    if (link.section) item.append(element("span", "section", link.section));
    if (link.published_at) {
      const date = new Date(link.published_at);
      const shown = date.toLocaleDateString(document.documentElement.lang || undefined, { dateStyle: "long" });
      item.append(element("time", "date", shown, { datetime: link.published_at }));
    }
    if (link.excerpt) item.append(element("p", "excerpt", link.excerpt));
    return item;
  }

  customElements.define(
    NAME,
    class RelatedLinks extends HTMLElement {
      static observedAttributes = ["article", "slot-key", "api", "expect"];

      constructor() {
        super();
        const root = this.attachShadow({ mode: "open" });
        const styles = element("link", "", "", { rel: "stylesheet", href: STYLES });
        this.styled = new Promise((resolve) => (styles.onload = styles.onerror = resolve));
        this.inside = document.createElement("slot");
        root.append(styles, this.inside);
      }

      connectedCallback() {
        this.load();
      }

      disconnectedCallback() {
        clearTimeout(this.timer);
        this.turn = null;
      }

      attributeChangedCallback(name, before, after) {
        if (name === "expect") this.style.setProperty("--related-expect", parseInt(after, 10) || 0);
        else if (before !== after && this.isConnected) this.load();
      }

      async load(tries = 0) {
        clearTimeout(this.timer);
        const turn = (this.turn = {}); // an answer to what was asked before is not shown any more
        try {
          const api = this.getAttribute("api") || "/api/v1/";
          const base = new URL(api.endsWith("/") ? api : `${api}/`, document.baseURI).href;
          const page = await ask(base, this.getAttribute("article") ?? "");
          await this.styled;
          if (turn === this.turn) this.show(page, base);
        } catch (error) {
          if (turn !== this.turn) return;
          console.warn(`${NAME}:`, error.message);
          if (tries >= RETRY_AFTER.length) return;
          const seconds = Math.max(RETRY_AFTER[tries], error.after ?? 0);
          this.timer = setTimeout(() => this.load(tries + 1), seconds * 1000);
        }
      }

      show(page, base) {
        const key = this.getAttribute("slot-key") ?? "related";
        const slot = page?.slots?.[key];
        const items = (slot?.items ?? []).map((link) => listItem(link, base)).filter(Boolean);
        let shown = this.inside;
        if (items.length) {
          const own = `${page.document.type}:${page.document.id}`;
          shown = element("section", "slot", "", { "data-slot": key, "data-related-document": own });
          if (slot.heading) shown.append(element("h2", "heading", slot.heading));
          const list = element("ol", "list");
          list.append(...items);
          shown.append(list);
        }
        this.shadowRoot.lastElementChild.replaceWith(shown);
        this.dispatchEvent(new CustomEvent("related-links", { bubbles: true, composed: true }));
      }
    },
  );
})();
