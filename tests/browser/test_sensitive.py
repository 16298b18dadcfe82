"""Marking an article as sensitive, by keyboard; readers see it with the next page."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.editor import Editor
from tests.browser.newsroom import Newsroom

CHAPEL = "Pupils of Holloway School move to the chapel hall"


def test_an_editor_marks_an_article_and_takes_it_back(
    lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]
) -> None:
    editor = editor_at(lean_newsroom)
    editor.open_review(CHAPEL)
    page, keys = editor.page, editor.page.keyboard
    proposed = page.locator(".desk-link--proposed")
    n_proposed = proposed.count()
    assert n_proposed
    keys.press("m")
    page.get_by_role("checkbox", name="No links here").focus()
    keys.press("Space")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is sensitive: no links here.")
    expect(page.get_by_text("Sensitive: no links stand on this page.")).to_be_visible()
    expect(proposed).to_have_count(0)
    keys.press("u")
    expect(proposed).to_have_count(n_proposed)
    page.get_by_text("Sensitive", exact=False).first.click()
    page.get_by_role("link", name="Whole sections").click()
    expect(page.get_by_role("heading", level=1, name="Sensitive sections")).to_be_visible()
