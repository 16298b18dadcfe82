"""The pages in the language of a German editor and of a German article."""

from __future__ import annotations

import gettext
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor import QUEUE, Editor
from tests.browser.newsroom import Newsroom
from tests.browser.test_pages import faults
from tests.test_catalogs import PACKAGES, catalog

ARTICLE = "/articles/seilfahre-steht-still-weil-die-winde-bricht/"
STANDS_STILL = "Seilfähre steht still, weil die Winde bricht"
DASHBOARD = "/admin/related/document/dashboard/"
# Every piece of text on the page that is said to be German, with what a screen reader says.
TEXTS = """
() => {
  const texts = [];
  const isGerman = (node) => node.closest("[lang]").lang === "de";
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode())
    if (isGerman(nodes.currentNode.parentElement)) texts.push(nodes.currentNode.textContent);
  for (const name of ["aria-label", "title", "placeholder"])
    for (const node of document.querySelectorAll(`[${name}]`))
      if (isGerman(node)) texts.push(node.getAttribute(name));
  return texts.map((text) => text.trim().replace(/\\s+/g, " ")).filter(Boolean);
}
"""


@pytest.fixture
def page(
    german_newsroom: Newsroom,
    editor_at: Callable[[Newsroom], Editor],
    open_page: Callable[..., Page],
) -> Page:
    """A German browser, in which an editor is logged in."""
    editor_at(german_newsroom)
    return open_page(german_newsroom, session=german_newsroom.session, language="de-DE")


def left_in_english(page: Page) -> set[str]:
    """The texts of the page that the catalogs translate."""
    english = set()
    for package in PACKAGES:
        with catalog(package, "de", "mo").open("rb") as compiled:
            words = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
        english |= {key for key, value in words.items() if isinstance(key, str) and key != value}
    return english.intersection(page.evaluate(TEXTS))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("queue", ["Prüfliste", "Zu prüfen", "Ressort", "Filtern"]),
        ("review", ["Freigegeben von", "Ähnliche Artikel", "Ablehnen", "Tastatur"]),
        ("dashboard", ["Aktuell: Nichts wartet", "Wartet auf einen Worker"]),
        ("article", ["Von Imke Sand", "2. März 2026", "Nächster Artikel", "Keine Zeit zum Lesen?"]),
    ],
)
def test_a_page_is_german_throughout(name: str, words: list[str], page: Page) -> None:
    if name == "review":
        page.goto(f"{QUEUE}?state=all")
        page.get_by_role("rowheader", name=STANDS_STILL).get_by_role("link").click()
    else:
        page.goto({"queue": QUEUE, "dashboard": DASHBOARD, "article": ARTICLE}[name])
    expect(page.locator("html")).to_have_attribute("lang", "de")
    for text in words:
        expect(page.locator("body")).to_contain_text(text)
    assert left_in_english(page) == set()
    assert faults(page) == []


def test_the_language_is_chosen_in_the_header_of_the_admin(page: Page) -> None:
    page.goto(QUEUE)
    page.get_by_label("Sprache", exact=True).first.select_option("fr")
    page.get_by_role("button", name="Wechseln", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", name="File de relecture")).to_be_visible()
    page.goto("/")  # the public pages keep to the browser's own language
    expect(page.locator("html")).to_have_attribute("lang", "de")
