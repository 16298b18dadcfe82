/*
 * <script src="/static/related/clicks.js" data-address="/api/v1/clicks/" defer></script>
 *
 * Counts which related links come into view and which are clicked, and sends the counts when the
 * page is left. Keeps nothing in the browser, and nothing that tells one reader from another.
 * Described in docs/guide/clicks.md.
 */
(() => {
  const ADDRESS = document.currentScript?.dataset.address ?? "/api/v1/clicks/";
  const LINK = "[data-related-target]";
  const IN_VIEW = 1000; // milliseconds, of at least half a link
  const AT_ONCE = 100; // events in a beacon

  if (navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;
  if (!window.IntersectionObserver || !navigator.sendBeacon) return;

  const seen = { shown: new Set(), clicked: new Set() }; // once per page view
  const waiting = { shown: [], clicked: [] };
  const timers = new Map();

  // Attributes stand on the link itself or on what it is in.
  function describe(link) {
    const box = link.closest("[data-related-document]");
    const slot = link.closest("[data-slot]")?.dataset.slot;
    if (!box || !slot) return null;
    const place = Number(link.dataset.place) || [...box.querySelectorAll(LINK)].indexOf(link) + 1;
    return [box.dataset.relatedDocument, slot, place, link.dataset.relatedTarget];
  }

  function note(kind, link) {
    const event = describe(link);
    const key = JSON.stringify(event);
    if (!event || seen[kind].has(key)) return;
    seen[kind].add(key);
    waiting[kind].push(event);
  }

  function send() {
    while (waiting.shown.length || waiting.clicked.length) {
      const shown = waiting.shown.splice(0, AT_ONCE);
      const clicked = waiting.clicked.splice(0, AT_ONCE);
      navigator.sendBeacon(ADDRESS, JSON.stringify({ shown, clicked }));
    }
  }

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries) {
        clearTimeout(timers.get(target));
        if (intersectionRatio >= 0.5) timers.set(target, setTimeout(() => looked(target), IN_VIEW));
      }
    },
    { threshold: 0.5 },
  );

  function looked(link) {
    observer.unobserve(link);
    if (document.visibilityState === "visible") note("shown", link);
    else observer.observe(link); // its second begins anew when the page is looked at
  }

  function watch(root) {
    for (const link of root?.querySelectorAll(LINK) ?? []) observer.observe(link);
  }

  function clicked(event) {
    if (!event.isTrusted || (event.type === "auxclick" && event.button !== 1)) return;
    const link = event.composedPath().find((node) => node.matches?.(LINK));
    if (!link) return;
    note("shown", link);
    note("clicked", link);
  }

  function start() {
    watch(document);
    for (const element of document.querySelectorAll("related-links")) watch(element.shadowRoot);
    document.addEventListener("related-links", (event) => watch(event.target.shadowRoot));
    document.addEventListener("click", clicked, true); // of a key or a finger as well
    document.addEventListener("auxclick", clicked, true); // of the middle button
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
    addEventListener("pagehide", send);
  }

  // A page that the browser loads ahead counts from the moment at which it is shown.
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
