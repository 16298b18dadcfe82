"""What uses the API in a browser: the web component on another host, and the API's own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from newsroom.articles.models import Article
from tests.related.stored_articles import approve, make_article


def show(page: Page, live_server: LiveServer, article: str, slot: str = "related") -> str:
    """Put the element on a page of no host at all; returns what it rendered."""
    page.set_content(
        f'<related-links article="{article}" slot-key="{slot}" api="{live_server.url}/api/v1">'
        "</related-links>"
    )
    with page.expect_response("**/api/v1/links/**"):
        page.add_script_tag(url=f"{live_server.url}/static/related/related-links.js")
    page.wait_for_timeout(200)
    return page.locator("related-links").inner_html()


def make_pair() -> tuple[Article, Article]:
    article = make_article("A", section="")
    target = make_article("B <img src=x onerror=alert(1)>", section="")
    approve(article, "related", target)
    return article, target


def test_the_element_renders_the_links_on_another_host(page: Page, live_server: LiveServer) -> None:
    article, target = make_pair()
    show(page, live_server, f"newsroom.article:{article.pk}")
    section = page.locator("section.related-slot[data-slot=related]")
    assert section.locator("h2.related-slot__heading").inner_text() == "Related stories"
    link = section.locator("ol.related-slot__list > li.related-slot__item > a.related-slot__link")
    assert link.inner_text() == target.title
    assert link.get_attribute("href") == live_server.url + target.get_absolute_url()
    assert section.locator("img").count() == 0


@pytest.mark.parametrize("slot", ["next", "nonsense"])
def test_an_empty_slot_renders_nothing(page: Page, live_server: LiveServer, slot: str) -> None:
    article, _ = make_pair()
    assert show(page, live_server, f"newsroom.article:{article.pk}", slot) == ""


def test_a_missing_article_renders_nothing(page: Page, live_server: LiveServer) -> None:
    assert show(page, live_server, "newsroom.article:999999") == ""


def test_the_apis_own_page_works_under_the_sites_policy(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.get_by_text("Links of one document").wait_for()
