"""The review desk's keys: j and k walk, a and r decide, u takes back, ? helps."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.editor import Editor
from tests.browser.newsroom import Newsroom

CHAPEL = "Pupils of Holloway School move to the chapel hall"
CLOSED = "Rain closes classrooms at Holloway School"
REPAIR = "Holloway School roof was due for repair in 2019"


@pytest.fixture
def desk(lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]) -> Editor:
    """The review page of an article with two suggestions in each of previous, inline, related."""
    editor = editor_at(lean_newsroom)
    editor.open_review(CHAPEL)
    return editor


def press(page: Page, key: str) -> None:
    """A key that decides: the page comes back from the server."""
    with page.expect_navigation():
        page.keyboard.press(key)


def walk_to(editor: Editor, slot: str, title: str) -> Locator:
    link = editor.link(slot, title)
    for _ in range(20):
        editor.page.keyboard.press("j")
        if link.and_(editor.page.locator(":focus")).count():
            return link
    raise AssertionError(f"j did not come to {title!r}")


def test_j_and_k_walk_over_the_links(desk: Editor) -> None:
    keys = desk.page.keyboard
    links = desk.page.locator("[data-link]:visible")
    keys.press("j")
    expect(links.nth(0)).to_be_focused()
    keys.press("j")
    expect(links.nth(1)).to_be_focused()
    keys.press("k")
    expect(links.nth(0)).to_be_focused()
    keys.press("k")  # there is nothing before the first
    expect(links.nth(0)).to_be_focused()


def test_approve_and_undo(desk: Editor) -> None:
    walk_to(desk, "related", REPAIR)
    press(desk.page, "a")
    expect(desk.page.get_by_role("status")).to_contain_text(REPAIR)
    assert desk.approved("related") == [REPAIR]

    desk.page.keyboard.press("j")  # goes on in the slot that was worked on
    expect(desk.link("related", CLOSED)).to_be_focused()

    press(desk.page, "u")
    expect(desk.approve_button("related", REPAIR)).to_be_visible()
    assert desk.approved("related") == []


def test_reject_and_undo(desk: Editor) -> None:
    walk_to(desk, "related", CLOSED)
    press(desk.page, "r")
    expect(desk.page.locator("#rejected")).to_contain_text(CLOSED)
    for slot in ("previous", "inline", "related"):  # a rejection is about the pair
        expect(desk.link(slot, CLOSED)).to_have_count(0)

    press(desk.page, "u")
    expect(desk.approve_button("related", CLOSED)).to_be_visible()
    expect(desk.page.locator("#rejected")).to_have_count(0)


def test_question_mark_shows_the_keys(desk: Editor) -> None:
    help_text = desk.page.get_by_text("previous link")
    expect(help_text).to_be_hidden()
    desk.page.keyboard.press("?")
    expect(help_text).to_be_visible()
    desk.page.keyboard.press("?")
    expect(help_text).to_be_hidden()


def test_letters_that_are_typed_stay_letters(desk: Editor) -> None:
    summary = desk.page.get_by_label("Text of the summary box")
    summary.fill("")
    summary.press_sequentially("a jar?")
    expect(summary).to_have_value("a jar?")
    expect(desk.page.locator("#desk-keys")).not_to_have_attribute("open", "")
    assert desk.approved("related") == []


def test_keys_do_nothing_without_a_link_in_focus(desk: Editor) -> None:
    address = desk.page.url
    for key in "arpx":
        desk.page.keyboard.press(key)
    expect(desk.slot("related").get_by_role("button", name="Approve selected")).to_be_visible()
    assert desk.page.url == address
    assert desk.page.locator(".desk-link--approved, .desk-message, input:checked").count() == 0
