"""The web component in a browser, on a page of another host; and the API's own page."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from newsroom.articles.models import Article
from tests.related.stored_articles import approve, make_article

SCRIPT = Path(__file__).parents[3] / "related" / "static" / "related" / "related-links.js"
SECTION = "section.related-slot[data-slot=related]"
LINK = f"{SECTION} h2 + ol.related-slot__list > li.related-slot__item > a.related-slot__link"


def element(live_server: LiveServer, article: Article | str, slot: str = "related") -> str:
    name = article if isinstance(article, str) else f"newsroom.article:{article.pk}"
    return (
        f'<related-links article="{name}" slot-key="{slot}" api="{live_server.url}/api/v1">'
        '<a href="/city/">More from the city</a></related-links>'
    )


def show(page: Page, live_server: LiveServer, html: str) -> None:
    """Put elements on a page of no host at all, and load their script."""
    page.set_content(html)
    with page.expect_response("**/api/v1/links/**"):
        page.add_script_tag(url=f"{live_server.url}/static/related/related-links.js")


def make_pair(title: str = "B") -> tuple[Article, Article]:
    article, target = make_article("A", section=""), make_article(title, section="")
    approve(article, "related", target)
    return article, target


def test_it_shows_the_links_on_another_host(page: Page, live_server: LiveServer) -> None:
    article, target = make_pair("B <img src=x onerror=alert(1)>")
    show(page, live_server, element(live_server, article))
    link = page.locator(LINK)
    assert link.inner_text() == target.title
    assert link.get_attribute("href") == live_server.url + target.get_absolute_url()
    assert page.locator(f"{SECTION} h2").inner_text() == "Related stories"
    assert page.locator("related-links img").count() == 0
    assert not page.get_by_text("More from the city").is_visible()


@pytest.mark.parametrize("slot", ["next", "nonsense"])
def test_an_empty_slot_leaves_what_stands_inside(
    page: Page, live_server: LiveServer, slot: str
) -> None:
    show(page, live_server, element(live_server, make_pair()[0], slot))
    page.wait_for_timeout(200)
    assert page.locator(".related-slot").count() == 0
    assert page.get_by_text("More from the city").is_visible()


@pytest.mark.parametrize("name", ["newsroom.article:999999", "nonsense", ""])
def test_so_does_a_missing_article(page: Page, live_server: LiveServer, name: str) -> None:
    show(page, live_server, element(live_server, name))
    page.wait_for_timeout(200)
    assert page.get_by_text("More from the city").is_visible()


def test_all_elements_of_a_page_share_one_request(page: Page, live_server: LiveServer) -> None:
    pairs = [make_pair(f"B{number}") for number in range(3)]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    html = "".join(element(live_server, article) for article, _ in pairs)
    show(page, live_server, html + element(live_server, pairs[0][0], "next"))
    page.locator(LINK).nth(2).wait_for()
    assert page.locator(LINK).all_inner_texts() == ["B0", "B1", "B2"]
    assert len([url for url in asked if "/links/" in url]) == 1


def test_changed_attributes_count(page: Page, live_server: LiveServer) -> None:
    (first, _), (second, target) = make_pair("B1"), make_pair("B2")
    approve(second, "next", make_article("C", section=""))
    show(page, live_server, element(live_server, first))
    page.locator(LINK).wait_for()
    change = "([name, value]) => document.querySelector('related-links').setAttribute(name, value)"
    page.evaluate(change, ["article", f"newsroom.article:{second.pk}"])
    page.get_by_text(target.title, exact=True).wait_for()
    page.evaluate(change, ["slot-key", "next"])
    page.get_by_text("C", exact=True).wait_for()
    assert page.locator(SECTION).count() == 0


def test_it_tries_again_after_a_failure(page: Page, live_server: LiveServer) -> None:
    article, target = make_pair()
    n_failed = 0

    def fail_once(route: Route) -> None:
        nonlocal n_failed
        n_failed += 1
        if n_failed == 1:
            route.fulfill(status=503)
        else:
            route.continue_()

    page.route("**/api/v1/links/**", fail_once)
    show(page, live_server, element(live_server, article))
    assert page.get_by_text("More from the city").is_visible()
    page.get_by_text(target.title, exact=True).wait_for(timeout=10_000)


def test_it_may_be_loaded_twice(page: Page, live_server: LiveServer) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    show(page, live_server, element(live_server, make_pair()[0]))
    page.add_script_tag(url=f"{live_server.url}/static/related/related-links.js?again")
    page.add_script_tag(content=SCRIPT.read_text(), type="module")
    page.locator(LINK).wait_for()
    assert errors == []


def test_a_page_styles_its_parts_and_properties(page: Page, live_server: LiveServer) -> None:
    style = (
        "<style>related-links::part(link) { color: rgb(1, 2, 3) }"
        "related-links { --related-ink: rgb(4, 5, 6) }</style>"
    )
    show(page, live_server, style + element(live_server, make_pair()[0]))
    page.locator(LINK).wait_for()
    color = "element => getComputedStyle(element).color"
    assert page.locator(LINK).evaluate(color) == "rgb(1, 2, 3)"
    assert page.locator(SECTION).evaluate(color) == "rgb(4, 5, 6)"


def test_nothing_moves_where_the_page_says_what_to_expect(
    page: Page, live_server: LiveServer
) -> None:
    article, _ = make_pair("B with a title that is long enough for two lines " * 4)
    approve(article, "related", make_article("C", section="City"))
    html = element(live_server, article).replace("<related-links", '<related-links expect="2"')
    page.set_content(f"<body>{html}<p id='below'>Below</p></body>")
    page.route("**/api/v1/links/**", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.add_script_tag(url=f"{live_server.url}/static/related/related-links.js")
    page.wait_for_function(
        "getComputedStyle(document.querySelector('related-links')).minHeight > '1'"
    )
    place = "() => document.querySelector('#below').getBoundingClientRect().top"
    before = page.evaluate(place)
    page.locator(LINK).first.wait_for()
    assert page.evaluate(place) == before


def test_it_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes())) < 5_000


def test_the_apis_own_page_works_under_the_sites_policy(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/api/v1/docs/")
    page.get_by_text("Links of one document").wait_for()
