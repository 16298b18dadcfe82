"""The desk in place: nothing that was typed is lost, and what goes wrong is said where it is."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.editor import Editor
from tests.browser.newsroom import NAME, PASSWORD, Newsroom

CHAPEL = "Pupils of Holloway School move to the chapel hall"


@pytest.fixture
def desk(lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]) -> Editor:
    editor = editor_at(lean_newsroom)
    editor.open_review(CHAPEL)
    return editor


def approve_and_undo(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".desk-link--approved")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator(".desk-link--approved")).to_have_count(0)


def test_a_half_written_summary_outlives_decisions_and_leaving(desk: Editor) -> None:
    text = desk.page.get_by_label("Text of the summary box")
    draft = text.input_value()
    text.fill("Half-written")
    desk.page.locator("h1").click()
    approve_and_undo(desk.page)
    expect(text).to_have_value("Half-written")
    desk.page.reload()
    expect(text).to_have_value("Half-written")
    expect(desk.page.get_by_role("status")).to_contain_text("not saved yet")
    desk.page.get_by_role("button", name="Use the draft").click()
    expect(text).to_have_value(draft)
    expect(desk.page.locator("#summary-count")).to_contain_text(f"{len(draft)} / 3000")


def test_quick_presses_wait_for_one_another(desk: Editor) -> None:
    for key in "jaa":
        desk.page.keyboard.press(key)
    expect(desk.page.locator(".desk-link--approved")).to_have_count(2)
    for key in "uu":
        desk.page.keyboard.press(key)
    expect(desk.page.locator(".desk-link--approved")).to_have_count(0)


def test_a_lost_network_is_said_and_the_press_repeated(
    lean_newsroom: Newsroom, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(base_url=lean_newsroom.site, storage_state=lean_newsroom.session)
    editor = Editor(context.new_page())
    editor.open_review(CHAPEL)
    context.set_offline(True)
    editor.page.keyboard.press("j")
    editor.page.keyboard.press("a")
    expect(editor.page.get_by_role("status")).to_contain_text("the network is away")
    context.set_offline(False)
    approve_and_undo(editor.page)


def test_a_lost_session_is_said_and_the_press_repeated(
    lean_newsroom: Newsroom, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(base_url=lean_newsroom.site)
    editor = Editor(context.new_page())
    editor.log_in()
    editor.open_review(CHAPEL)
    context.clear_cookies()
    editor.page.keyboard.press("j")
    editor.page.keyboard.press("a")
    expect(editor.page.get_by_role("status")).to_contain_text("you are logged out")
    with context.expect_page() as opened:
        editor.page.get_by_role("link", name="Log in").click()
    beside = opened.value
    beside.get_by_label("Username").fill(NAME)
    beside.get_by_label("Password").fill(PASSWORD)
    with beside.expect_navigation():
        beside.get_by_role("button", name="Log in").click()
    editor.page.bring_to_front()
    editor.page.locator("h1").click()
    approve_and_undo(editor.page)


def test_shared_words_are_marked_in_both_texts(desk: Editor) -> None:
    desk.page.keyboard.press("j")
    marked = desk.page.evaluate("CSS.highlights.get('related-words').size")
    assert marked >= 2
    share = desk.page.locator("[data-link]:focus .desk-share").first
    expect(share).to_contain_text("%")


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_nothing_is_wider_than_the_screen(desk: Editor, width: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": 800})
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width
    menu = desk.page.locator(".desk-menu").first
    menu.locator("summary").first.click()
    box = menu.locator(".desk-menu-items").first.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= width
    desk.page.locator("#desk-q").focus()
    assert menu.get_attribute("open") is None, "it hides what has the focus"
    desk.page.evaluate("document.body.style.zoom = 2")
    assert desk.page.locator("h1").bounding_box() is not None


def test_the_first_page_of_the_admin_says_what_waits(desk: Editor) -> None:
    desk.page.goto("/admin/")
    start = desk.page.locator(".desk-start")
    expect(start).to_contain_text("need an editor")
    start.get_by_role("link", name="Start").click()
    expect(desk.page.locator("#desk-proposal")).to_be_visible()


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_dashboard_is_for_every_eye_and_screen(desk: Editor, color_scheme: str) -> None:
    desk.page.emulate_media(color_scheme=color_scheme)  # type: ignore[arg-type]
    desk.page.goto("/admin/")
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="Dashboard").click()
    desk.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (390, 1280):
        desk.page.set_viewport_size({"width": width, "height": 800})
        assert desk.page.evaluate("document.documentElement.scrollWidth") == width
        assert Axe().run(desk.page).response["violations"] == []
    chart = desk.page.get_by_role("img", name="Share of pages that show a link, by slot")
    expect(chart).to_be_visible()
