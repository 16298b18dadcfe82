"""What machines read of the whole paper: feeds, sitemap, robots.txt."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from newsroom.articles.models import Article
from tests.factories import ArticleFactory, SectionFactory

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response["Content-Type"].startswith("application/xml")
    found = ET.fromstring(response.content).findall(".//s:loc", MAP)
    return [str(node.text).removeprefix("http://testserver") for node in found]


def test_atom(client: Client) -> None:
    article = ArticleFactory(title="Fish & <chips>", excerpt="", body="<p>The body</p>")
    ArticleFactory(title="Old chronicle", published_at=None)
    ArticleFactory(draft=True, title="Secret")
    response = client.get("/feed/atom/")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)
    titles = [node.text for node in feed.findall("a:entry/a:title", ATOM)]
    assert titles == ["Fish & <chips>", "Old chronicle"]
    first, undated = feed.findall("a:entry", ATOM)
    assert first.findtext("a:published", None, ATOM) == article.published_at.isoformat()
    assert undated.find("a:published", ATOM) is None
    assert undated.find("a:updated", ATOM) is not None  # Atom wants one of every entry


@pytest.mark.parametrize("address", ["/feed/", "/feed/atom/"])
def test_feeds_survive_what_other_code_stored(client: Client, address: str) -> None:
    article = ArticleFactory()
    Article.objects.filter(pk=article.pk).update(title="a\x0bb", excerpt="c\x0cd")
    assert b"ab" in ET.tostring(ET.fromstring(client.get(address).content))


def test_every_page_names_the_feeds(client: Client) -> None:
    page = client.get("/").content.decode()
    assert 'type="application/rss+xml" title="The Marrowbeck Courier" href="/feed/"' in page
    assert 'type="application/atom+xml" title="The Marrowbeck Courier" href="/feed/atom/"' in page


def test_the_sitemap_lists_what_the_public_may_read(client: Client) -> None:
    section = SectionFactory(slug="harbor")
    dated = ArticleFactory(section=section)
    undated = ArticleFactory(section=None, published_at=None)
    for state in ("draft", "scheduled", "withdrawn"):
        ArticleFactory(**{state: True, "section": SectionFactory()})
    maps = locations(client, "/sitemap.xml")
    assert maps == ["/sitemap-front.xml", "/sitemap-sections.xml", "/sitemap-articles.xml"]
    assert locations(client, maps[0]) == ["/"]
    assert locations(client, maps[1]) == ["/sections/harbor/"]
    articles = [dated.get_absolute_url(), undated.get_absolute_url()]
    assert locations(client, maps[2]) == articles
    for address in articles:
        assert client.get(address).status_code == 200


def test_the_sitemap_of_an_empty_paper(client: Client) -> None:
    assert locations(client, "/sitemap-articles.xml") == []
    assert len(locations(client, "/sitemap.xml")) == 3


@pytest.mark.parametrize("query", ["0", "9", "x", "%00", "1" + "0" * 30])
def test_pages_of_the_sitemap_that_are_not_there(client: Client, query: str) -> None:
    assert client.get(f"/sitemap-articles.xml?p={query}").status_code == 404
    assert client.get("/sitemap-letters.xml").status_code == 404


@pytest.mark.parametrize("n_articles", [1, 3])
def test_query_counts_do_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, n_articles: int
) -> None:
    ArticleFactory.create_batch(n_articles)
    with django_assert_num_queries(1):
        client.get("/feed/atom/")
    with django_assert_num_queries(3):  # sections, the latest change, the number of articles
        client.get("/sitemap.xml")
    with django_assert_num_queries(2):
        client.get("/sitemap-articles.xml")


def test_robots(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert "Disallow: /admin/" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    assert client.post("/robots.txt").status_code == 405
