"""The script that counts, in a browser: on a page of the newsroom, and with the web component."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from newsroom.articles.models import Article
from related.contrib.clicks.models import DailyClicks
from tests.related.stored_articles import approve, make_article

# A reader's, for the headless one is a machine's. Beacons have the browser's own, whatever a page
# of it is told to be.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
SECONDS_TO_APPEAR = 15
PRIVATE = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"


def wait_for(expected: dict[str, tuple[int, int]]) -> None:
    """For the counts in the database, by the title of the target."""
    deadline = time.monotonic() + SECONDS_TO_APPEAR
    while (found := counted()) != expected and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found == expected


def counted() -> dict[str, tuple[int, int]]:
    titles = {str(pk): title for pk, title in Article.objects.values_list("pk", "title")}
    rows = DailyClicks.objects.values_list("target__object_id", "shown", "clicked")
    return {titles[key]: (shown, clicked) for key, shown, clicked in rows}


@pytest.fixture
def reader(
    launch_browser: Callable[..., Browser],
    browser_type_launch_args: dict[str, Any],
    live_server: LiveServer,
    settings: Settings,
) -> Iterator[Callable[..., Page]]:
    settings.RELATED_CLICKS = {"FLUSH_SECONDS": 0.1}
    browser = launch_browser(args=[*browser_type_launch_args["args"], f"--user-agent={AGENT}"])

    def open_one(**options: Any) -> Page:
        size = {"width": 800, "height": 500}
        return browser.new_context(base_url=live_server.url, viewport=size, **options).new_page()

    yield open_one
    browser.close()


def test_what_was_looked_at_and_clicked_is_counted_and_nothing_else(
    reader: Callable[..., Page], live_server: LiveServer
) -> None:
    body = "\n\n".join(f"Paragraph {n} of a long story." for n in range(60))
    article, seen, below = (make_article(t, section="", body=body) for t in ("A", "Seen", "Below"))
    approve(article, "inline", seen)  # after the third paragraph
    approve(article, "related", below)
    page = reader()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(article.get_absolute_url())
    link = page.locator("[data-slot=inline] a")
    link.scroll_into_view_if_needed()
    page.wait_for_timeout(1300)  # a second in view
    link.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    wait_for({"Seen": (1, 1)})

    page.goto(article.get_absolute_url())
    page.locator("[data-slot=related] a").scroll_into_view_if_needed()
    page.goto("about:blank")  # sooner than a second: nothing was looked at
    page.wait_for_timeout(500)
    assert counted() == {"Seen": (1, 1)}

    private = reader()
    private.add_init_script(PRIVATE)
    private.goto(article.get_absolute_url())
    private.locator("[data-slot=related] a").click()
    private.wait_for_timeout(500)
    assert counted() == {"Seen": (1, 1)}
    assert complaints == []

    # The web component keeps its links in a tree of its own, on a page of any host.
    component = reader()
    site, name = live_server.url, f"newsroom.article:{article.pk}"
    component.set_content(
        f'<related-links article="{name}" slot-key="related" api="{site}/api/v1"></related-links>'
        f'<script src="{site}/static/related/clicks.js" data-address="{site}/api/v1/clicks/">'
        f'</script><script src="{site}/static/related/related-links.js"></script>'
    )
    component.locator("related-links a").click(button="middle")
    component.goto("about:blank")
    wait_for({"Seen": (1, 1), "Below": (1, 1)})
