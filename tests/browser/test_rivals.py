"""A better match beside the link that it challenges: swapped and kept by keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editor import Editor
from tests.browser.newsroom import Newsroom

TOLLS = "Ferry tolls rise to pay for the winch"
WEAK = "Divers lift the broken ferry chain from the river"
STRONG = "Chain ferry carries passengers again"


@pytest.fixture
def desk(lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]) -> Editor:
    """Where a weak link is approved, and the strongest one stands nowhere else."""
    editor = editor_at(lean_newsroom)
    editor.open_review(TOLLS)
    page = editor.page
    weak = editor.card(WEAK)
    weak.locator(".desk-menu > summary").click()
    weak.get_by_role("button", name=f"Approve “{WEAK}” for “Previous Article”").click()
    expect(editor.link("previous", WEAK)).to_have_class("desk-link desk-link--approved")
    for key in ("inline", "related"):
        card = editor.link(key, STRONG)
        card.focus()
        page.keyboard.press("x")
        expect(card).to_have_count(0)
    return editor


def undo(page: Page, times: int) -> None:
    for _ in range(times):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("u")
        page.wait_for_timeout(50)


def test_a_rival_is_swapped_and_kept_out_by_keys(desk: Editor) -> None:
    page = desk.page
    rival = desk.slot("previous").get_by_role("group", name=f"A better match than “{WEAK}”")
    expect(rival).to_contain_text("against")
    desk.link("previous", WEAK).focus()
    page.keyboard.press("w")
    expect(desk.link("previous", STRONG)).to_have_class("desk-link desk-link--approved")
    undo(page, 1)
    expect(desk.link("previous", WEAK)).to_have_class("desk-link desk-link--approved")
    desk.link("previous", WEAK).focus()
    page.keyboard.press("h")
    expect(rival).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("is not set against it again")
    expect(desk.link("previous", WEAK)).to_be_focused()
    undo(page, 1)
    expect(rival).to_have_count(1)
    undo(page, 3)
    expect(page.locator(".desk-link--approved")).to_have_count(0)


def test_cards_of_one_story_become_one_that_unfolds(
    lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]
) -> None:
    editor = editor_at(lean_newsroom)
    editor.open_review(TOLLS)
    page = editor.page
    page.set_viewport_size({"width": 390, "height": 800})
    card = editor.slot("inline").locator("[data-link]").first
    title = card.locator(".desk-title").inner_text()
    card.locator(".desk-menu > summary").click()
    card.get_by_text("Same story as another card").click()
    card.locator(".desk-same button").first.click()
    expect(page.get_by_role("status")).to_contain_text("tell the same story from now on")
    together = page.locator(".desk-versions:not(#desk-versions)").first
    together.locator("summary").click()
    expect(together.get_by_role("button", name="Not the same story")).to_have_count(0)
    expect(together.get_by_role("button")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("h1").click()
    with page.expect_navigation():  # the head of the page may name another newer version
        page.keyboard.press("u")
    expect(editor.slot("inline").get_by_role("link", name=title).first).to_be_visible()
    expect(page.locator(".desk-versions")).to_have_count(0)
