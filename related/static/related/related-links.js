/*
 * <related-links article="newsroom.article:12" slot-key="related" api="https://news.example/api/v1/">
 *
 * Shows the approved links of one slot, with the same classes as the template tag and without a
 * shadow root, so the page's own CSS applies. Renders nothing when there are no links, or on any
 * error: a page is never worse off than without the element. Described in docs/reference/templates.md.
 */
const pages = new Map(); // one request for all elements of one article

async function fetchPage(address) {
  const response = await fetch(address, { credentials: "omit", headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}

function loadPage(api, article) {
  const separator = article.indexOf(":");
  if (separator < 1) throw new Error(`article="${article}" is not of the form app.model:id`);
  const path = [article.slice(0, separator), article.slice(separator + 1)].map(encodeURIComponent).join("/");
  const address = new URL(`links/${path}/`, new URL(api.endsWith("/") ? api : `${api}/`, document.baseURI)).href;
  if (!pages.has(address)) pages.set(address, fetchPage(address));
  return pages.get(address).then((page) => [page, address]);
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
  if (part) node.className = `related-slot__${part}`;
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
  item.append(element("a", "link", link.title, { href }));
  if (link.section) item.append(element("span", "section", link.section));
  if (link.published_at) {
    const date = new Date(link.published_at);
    const shown = date.toLocaleDateString(document.documentElement.lang || undefined, { dateStyle: "long" });
    item.append(element("time", "", shown, { datetime: link.published_at }));
  }
  if (link.excerpt) item.append(element("p", "excerpt", link.excerpt));
  return item;
}

class RelatedLinks extends HTMLElement {
  async connectedCallback() {
    const key = this.getAttribute("slot-key") ?? "related";
    try {
      const [page, base] = await loadPage(this.getAttribute("api") ?? "/api/v1/", this.getAttribute("article") ?? "");
      const slot = page.slots[key];
      const items = (slot?.items ?? []).map((link) => listItem(link, base)).filter(Boolean);
      if (!items.length) return this.replaceChildren();
      const section = element("section", "", "", { class: "related-slot", "data-slot": key });
      if (slot.heading) section.append(element("h2", "heading", slot.heading));
      const list = element("ol", "list");
      list.append(...items);
      section.append(list);
      this.replaceChildren(section);
    } catch (error) {
      console.warn("related-links:", error.message);
      this.replaceChildren();
    }
  }
}

customElements.define("related-links", RelatedLinks);
