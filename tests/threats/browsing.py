"""Loads many pages into a browser at once and tells which scripts of theirs ran, or would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

AT_ONCE = 40
# In every frame: what a script calls reports to the page around all of them.
LISTEN = """
(() => {
  const report = (n) => { top.hits.push(String(n)); };
  if (window === top) window.hits = [];
  window.hit = report;
  window.alert = window.confirm = window.prompt = () => report("dialog");
})();
"""
SHOW = """
async (pages) => {
  document.body.replaceChildren();
  window.hits.length = 0;
  const frames = pages.map((html) => {
    const frame = document.createElement("iframe");
    frame.srcdoc = html;
    return frame;
  });
  await Promise.all(frames.map((frame) => new Promise((loaded) => {
    frame.addEventListener("load", loaded, { once: true });
    document.body.append(frame);
  })));
  await new Promise((later) => setTimeout(later, 150));
  const followed = ["href", "src", "action", "formaction", "data", "xlink:href", "srcdoc"];
  const found = frames.flatMap((frame) =>
    [...(frame.contentDocument?.querySelectorAll("*") ?? [])].flatMap((element) =>
      [...element.attributes].flatMap(({ name, value }) => {
        const address = value.replace(/[\\s\\u0000-\\u0020]/g, "").toLowerCase();
        const runs = name.startsWith("on")
          || (followed.includes(name) && /^(javascript|vbscript|data:text)/.test(address))
          || name === "srcdoc"
          || (name === "style" && element.tagName !== "IMG");
        return runs ? [`<${element.localName} ${name}=${value.slice(0, 80)}>`] : [];
      })));
  return [...new Set([...window.hits.map((n) => `hit(${n})`), ...found])];
}
"""


@contextmanager
def open_frames(browser: Browser) -> Iterator[Page]:
    """A page that shows others. Without their policies: it is their escaping that is tried here."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content("<body></body>")
    page.evaluate(LISTEN)
    try:
        yield page
    finally:
        context.close()


def what_runs(page: Page, pages: Iterable[str]) -> list[str]:
    """Calls of ``hit`` and attributes that would run a script, over all of the HTML pages."""
    waiting = list(pages)
    found: list[str] = []
    for start in range(0, len(waiting), AT_ONCE):
        found += page.evaluate(SHOW, waiting[start : start + AT_ONCE])
    return found
