"""The review desk by keys: one agrees to a page, the others correct it, and no page is loaded."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.editor import QUEUE, Editor
from tests.browser.newsroom import Newsroom

CHAPEL = "Pupils of Holloway School move to the chapel hall"


@pytest.fixture
def desk(lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]) -> Editor:
    """The review page of an article for which two links are proposed; left as it was found."""
    editor = editor_at(lean_newsroom)
    editor.open_review(CHAPEL)
    return editor


def proposed(desk: Editor) -> Locator:
    return desk.page.locator("[data-kind=proposed]")


def press(page: Page, key: str) -> None:
    """A key that decides: the answer comes, and the page stays."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press(key)
    page.wait_for_timeout(100)  # htmx settles


def undo(desk: Editor) -> None:
    press(desk.page, "u")
    expect(desk.page.get_by_role("status")).to_contain_text("Undone:")


def test_j_and_k_walk_over_the_cards(desk: Editor) -> None:
    keys, cards = desk.page.keyboard, desk.page.locator("[data-link]:visible")
    keys.press("j")
    expect(proposed(desk).first).to_be_focused()
    keys.press("j")
    expect(cards.nth(1)).to_be_focused()
    for _ in range(3):  # there is nothing before the first
        keys.press("k")
    expect(cards.nth(0)).to_be_focused()


def test_every_card_is_decided_without_loading_the_page(desk: Editor) -> None:
    loads: list[str] = []
    desk.page.on("framenavigated", lambda frame: loads.append(frame.url))
    n = proposed(desk).count()
    assert n >= 2
    desk.page.keyboard.press("j")
    press(desk.page, "a")
    expect(desk.page.locator(".desk-link--approved")).to_have_count(1)
    expect(proposed(desk).first).to_be_focused()  # focus moved on by itself
    press(desk.page, "x")
    expect(desk.page.get_by_role("status")).to_contain_text("is kept out of")
    undo(desk)
    press(desk.page, "p")
    expect(desk.page.get_by_text("pinned", exact=True)).to_have_count(1)
    undo(desk)
    press(desk.page, "r")
    expect(desk.page.locator("#rejected")).to_contain_text("1 link is not offered here again")
    undo(desk)
    undo(desk)
    expect(desk.page.locator(".desk-link--approved")).to_have_count(0)
    expect(proposed(desk)).to_have_count(n)
    assert loads == []


def test_a_rejection_with_a_reason(desk: Editor) -> None:
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("R")
    desk.page.keyboard.type("another school")
    press(desk.page, "Enter")
    desk.page.locator("#rejected summary").first.click()
    expect(desk.page.locator("#rejected")).to_contain_text("another school")
    assert desk.page.locator("#desk-note").input_value() == ""
    desk.page.locator("h1").click()
    undo(desk)


def test_a_number_puts_a_card_in_its_place(desk: Editor) -> None:
    desk.page.keyboard.press("j")
    press(desk.page, "1")
    expect(desk.page.get_by_role("status")).to_contain_text("is number 1 of")
    undo(desk)


def test_agree_and_take_it_back_from_the_next_article(desk: Editor) -> None:
    address = desk.page.url
    with desk.page.expect_navigation():
        desk.page.keyboard.press("A")
    expect(desk.page.get_by_role("status")).to_contain_text(f"“{CHAPEL}” is done")
    assert desk.page.url != address
    desk.page.wait_for_load_state()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("u")
    assert desk.page.url == address
    assert proposed(desk).count() >= 2


def test_done_and_next_keep_the_filter(desk: Editor) -> None:
    desk.page.goto(f"{QUEUE}start/?language=en")
    desk.page.wait_for_load_state()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("n")
    assert desk.page.url.endswith("?language=en")
    desk.page.wait_for_load_state()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("d")
    assert desk.page.url.endswith("?language=en")
    desk.page.wait_for_load_state()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("u")
    desk.page.wait_for_load_state()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("q")
    expect(desk.page.locator(".desk-here")).to_have_count(1)


def test_what_is_found_is_added(desk: Editor) -> None:
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("ferry toll")
    found = desk.page.locator("#desk-found [data-link]")
    expect(found.first).to_contain_text("Ferry tolls rise")
    found.first.get_by_role("button", name="Approve").click()
    expect(desk.page.locator(".desk-link--approved")).to_contain_text("Ferry tolls rise")
    expect(desk.page.locator("#desk-q")).to_have_value("ferry toll")
    desk.page.locator("h1").click()
    undo(desk)


def test_single_keys_are_switched_off_and_stay_so(desk: Editor) -> None:
    desk.page.keyboard.press("?")
    expect(desk.page.get_by_text("previous link")).to_be_visible()
    desk.page.get_by_role("button", name="Turn single keys off").click()
    expect(desk.page.get_by_role("status")).to_contain_text("Single keys are off.")
    desk.page.reload()
    desk.page.wait_for_load_state()
    desk.page.keyboard.press("j")
    assert desk.page.locator("[data-link]:focus").count() == 0
    desk.page.locator("#desk-keys summary").click()
    desk.page.get_by_role("button", name="Turn single keys on").click()
    expect(desk.page.get_by_role("status")).to_contain_text("Single keys are on.")


def test_letters_that_are_typed_stay_letters(desk: Editor) -> None:
    summary = desk.page.get_by_label("Text of the summary box")
    summary.fill("")
    summary.press_sequentially("a jar?")
    expect(summary).to_have_value("a jar?")
    expect(desk.page.locator("#desk-keys")).not_to_have_attribute("open", "")
    assert desk.page.locator(".desk-link--approved").count() == 0


def test_keys_for_a_card_say_so_where_none_is_chosen(desk: Editor) -> None:
    for key in "arpxs":
        desk.page.keyboard.press(key)
    expect(desk.page.get_by_role("status")).to_contain_text("Press j first")
    assert desk.page.locator(".desk-link--approved").count() == 0
