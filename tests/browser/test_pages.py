"""The pages as a browser judges them: accessible in light and dark, under a strict policy."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.editor import QUEUE, Editor
from tests.browser.newsroom import Newsroom

ARTICLE = "/articles/chain-ferry-stops-after-its-winch-fails/"
STOPS = "Chain ferry stops after its winch fails"
# The admin's colors change slowly, and axe would measure one of those in between.
FINISHED = "Promise.all(document.getAnimations().map((each) => each.finished)).then(() => true)"

# What axe says of the markup that Swagger UI makes.
OF_SWAGGER = {"heading-order", "nested-interactive", "region"}


def faults(page: Page) -> list[dict[str, Any]]:
    """What axe finds: the rule, and the elements that break it."""
    page.evaluate(FINISHED)
    violations = Axe().run(page).response["violations"]
    return [
        {"rule": each["id"], "where": [node["target"] for node in each["nodes"]]}
        for each in violations
    ]


@pytest.mark.parametrize("name", ["front", "article", "queue", "review", "admin"])
def test_page_is_accessible_and_keeps_its_policy(
    name: str, lean_newsroom: Newsroom, editor_at: Callable[[Newsroom], Editor]
) -> None:
    editor = editor_at(lean_newsroom)
    if name == "review":
        editor.page.goto(f"{QUEUE}?state=all")
        path = str(editor.article_in_queue(STOPS).get_attribute("href"))
    else:
        path = {"front": "/", "article": ARTICLE, "queue": QUEUE, "admin": "/admin/"}[name]
    answer = editor.page.goto(path)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert faults(editor.page) == []
    editor.page.emulate_media(color_scheme="dark")
    assert faults(editor.page) == []


def test_the_page_of_the_api_asks_no_other_host(
    lean_newsroom: Newsroom, open_page: Callable[..., Page]
) -> None:
    page = open_page(lean_newsroom)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/v1/docs/")
    expect(page.locator(".opblock").first).to_be_visible()
    assert [url for url in asked if not url.startswith((lean_newsroom.site, "data:"))] == []
    assert {fault["rule"] for fault in faults(page)} <= OF_SWAGGER


def test_slots_and_summary_on_the_article_page(
    lean_newsroom: Newsroom, open_page: Callable[..., Page]
) -> None:
    page = open_page(lean_newsroom)
    page.goto(ARTICLE)
    for slot in ("next", "inline"):
        assert page.locator(f'[data-slot="{slot}"] a').count(), slot
    assert page.locator(".article__body > p:nth-of-type(3) + [data-slot=inline]").count() == 1
    assert page.locator(".related-summary + .article__body").count() == 1
    assert page.locator(".related-summary").count() == 1  # the text is short: not below it, too

    summary = page.locator(".related-summary").first
    expect(summary.get_by_role("paragraph")).to_be_hidden()
    summary.get_by_text("No time to read?").press("Enter")
    expect(summary.get_by_role("paragraph")).to_be_visible()
