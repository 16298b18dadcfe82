"""Before an article leaves: the page that asks, on a phone, in both colors, pressed for real."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.editor import ARTICLES, Editor
from tests.browser.newsroom import Newsroom
from tests.browser.test_desk import CHAPEL
from tests.browser.test_pages import faults


def test_an_article_is_withdrawn_filled_and_brought_back(
    lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]
) -> None:
    editor = editor_at(lean_newsroom)
    page = editor.page
    editor.open_review(CHAPEL)
    page.keyboard.press("j")
    page.keyboard.press("a")
    card = page.locator(".desk-link--approved")
    expect(card).to_have_count(1)
    article = str(card.get_attribute("data-why")).partition(":")[2]
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{ARTICLES}{article}/change/")
    page.get_by_role("button", name="Save and withdraw").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you withdraw 1 article")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for reserve in page.get_by_role("checkbox").all():
        reserve.check()  # weak ones are not
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("1 article withdrawn.")).to_be_visible()
    page.get_by_role("link", name="Open one").click()
    for _step in ("filling", "approving"):
        page.get_by_role("button", name="Undo: ").click()
        expect(page.get_by_role("status")).to_contain_text("Undone:")
        page.reload()
    page.goto(f"{ARTICLES}{article}/change/")
    page.get_by_role("button", name="Save and publish now").click()
    expect(page.get_by_text("1 article published.")).to_be_visible()
