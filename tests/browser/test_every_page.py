"""Every page that the plugin adds to the admin, in light on a desk and in dark on a phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, reverse
from playwright.sync_api import Page, expect

from tests.browser.editor import QUEUE, Editor
from tests.browser.newsroom import Newsroom
from tests.browser.sample import SUPERVISOR
from tests.browser.test_pages import faults

# Real processes start slowly where the machine is busy, and axe reads each page twice.
pytestmark = pytest.mark.timeout(600)

# A desk, a tablet, a phone, and a desk at 200 % zoom.
WIDTHS = [1280, 820, 390, 640]
# Addresses without a key; those with one are reached from these as an editor reaches them.
ANSWERS = {"related_review_start", "related_health"}  # lead elsewhere, and show nothing
FIRST = "#result_list tbody a"
# Elements of the admin's own lists of which axe complains.
OF_ADMIN = [["#searchbar"], ['.small > a[href="?"]']]


def addresses() -> list[str]:
    """All pages that need no key, out of the admin's own list of addresses."""
    parts = [part for entry in admin.site.get_urls() for part in getattr(entry, "url_patterns", [])]
    names = {part.name for part in parts if isinstance(part, URLPattern) and part.name}
    found = set()
    for name in sorted(name for name in names - ANSWERS if name.startswith("related_")):
        try:
            found.add(reverse(f"admin:{name}"))
        except NoReverseMatch:
            continue
    return sorted(address for address in found if not address.endswith(("/add/", "/csv/")))


class Inspector:
    """Notes what is wrong with pages, to be said of all of them at once."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[object] = []

    def look(self) -> None:
        """Is anything wider than the screen? What does axe find in each color?"""
        for width, scheme in zip(WIDTHS, ("light", None, "dark", None), strict=True):
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide != width:
                self.found.append((self.page.url, width, wide))
            if scheme:
                self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                self.found += [
                    (self.page.url, scheme, fault["rule"], where)
                    for fault in faults(self.page)
                    for where in fault["where"]
                    if where not in OF_ADMIN
                ]


@pytest.fixture
def inspector(sample_newsroom: Newsroom, new_context: Callable[..., Any]) -> Inspector:
    """Whose console may complain: where a page has many styles, axe breaks its policy."""
    page: Page = new_context(base_url=sample_newsroom.site).new_page()
    Editor(page).log_in(SUPERVISOR)
    return Inspector(page)


def test_lists_and_figures(inspector: Inspector) -> None:
    for address in addresses():
        inspector.page.goto(address)
        expect(inspector.page.locator("#content h1")).to_be_visible()
        inspector.look()
    assert inspector.found == []


def test_what_stands_behind_the_lists(inspector: Inspector) -> None:
    page = inspector.page
    page.goto("/admin/related/slot/")
    page.locator(FIRST).first.click()
    slot = page.url
    inspector.look()
    page.goto(re.sub("change/$", "policy/", slot))
    inspector.look()
    page.goto("/admin/related/slot/add/")
    inspector.look()
    page.goto("/admin/related/review/bulk/")
    page.get_by_role("combobox", name="Strength").select_option(label="fair or strong")
    page.get_by_role("button", name="Preview approvals").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is changed yet.")
    inspector.look()
    assert inspector.found == []


def test_desks_with_many_cards_and_with_none(inspector: Inspector) -> None:
    page = inspector.page
    page.goto(QUEUE)
    page.locator("#content").get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.locator("[data-link]").first).to_be_visible()
    Editor(page).open_reserves()
    inspector.look()
    page.goto(f"{QUEUE}?state=all&words=zzzz")
    inspector.look()
    assert inspector.found == []
