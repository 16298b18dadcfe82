"""The public pages: what stands where, what is hidden, and how many queries it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article
from newsroom.articles.publishing import withdraw
from related.domain.decisions.summaries import approve_summary
from related.domain.pages.rows import rewrite_pages
from related.models import Document
from tests.factories import ArticleFactory, EditorFactory, SectionFactory, TagFactory
from tests.related.stored_articles import approve, row_of, store

pytestmark = pytest.mark.django_db

FOUR = "<p>One.</p><p>Two.</p><p>Three.</p><p>Four.</p>"


def _page(client: Client, address: str) -> LexborHTMLParser:
    response = client.get(address)
    assert response.status_code == 200
    return LexborHTMLParser(response.content)


def _texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(selector)]


@pytest.fixture
def linked() -> Article:
    """An article with one approved link in each slot that needs approval."""
    section = SectionFactory(name="Harbor")
    article = ArticleFactory(title="The article", body=FOUR, section=section)
    for slot in ("previous", "next", "inline", "related"):
        target = ArticleFactory(title=f"Target of {slot}", section=None)
        store(target)
        approve(article, slot, target)
    store(ArticleFactory(title="Neighbor in the section", section=section))
    store(article)
    return article


def test_front_page(client: Client) -> None:
    section = SectionFactory(name="Harbor")
    for number in range(13):
        ArticleFactory(title=f"Story {number:02}", section=section, excerpt=f"Excerpt {number}.")
    ArticleFactory(draft=True, title="Secret")
    page = _page(client, "/")
    assert _texts(page, ".story--lead h2") == ["Story 00"]
    assert _texts(page, ".front__latest h3") == [f"Story {n:02}" for n in range(1, 7)]
    assert _texts(page, ".front__second h2") == [f"Story {n:02}" for n in range(7, 11)]
    assert _texts(page, ".story--lead .story__teaser") == ["Excerpt 0."]
    assert _texts(page, ".front__sections h3") == ["Story 11", "Story 12"]
    assert _texts(page, ".masthead__name") == ["The Marrowbeck Courier"]
    assert "Secret" not in (page.html or "")


def test_front_page_of_an_empty_paper(client: Client) -> None:
    assert _texts(_page(client, "/"), ".empty") == ["Nothing has been published yet."]


def test_teaser_comes_from_the_body_when_there_is_no_excerpt(client: Client) -> None:
    ArticleFactory(excerpt="", body="<p>Fog &amp; <b>rain</b></p><p>" + "word " * 100 + "</p>")
    [teaser] = _texts(_page(client, "/"), ".story__teaser")
    assert teaser.startswith("Fog & rain word")
    assert teaser.endswith("…")
    assert len(teaser.split()) == 33


def test_the_paper_has_the_name_of_the_setting(client: Client, settings: object) -> None:
    settings.NEWSROOM_NAME = "The <Gazette>"  # type: ignore[attr-defined]
    assert _texts(_page(client, "/"), ".masthead__name") == ["The <Gazette>"]


def test_every_page_has_an_icon(client: Client) -> None:
    [icon] = _page(client, "/").css("link[rel=icon]")
    # Pages that name none, such as the admin's, are asked for at this address.
    assert client.get("/favicon.ico").headers["Location"] == icon.attributes["href"]
    assert finders.find("newsroom/icon.svg")


def test_section_page_is_paginated(client: Client) -> None:
    section = SectionFactory(name="Été", slug="")
    for number in range(21):
        ArticleFactory(title=f"Story {number:02}", section=section)
    ArticleFactory(title="Elsewhere")
    assert section.get_absolute_url() == "/sections/ete/"
    first = _page(client, "/sections/ete/")
    assert len(first.css(".story")) == 20
    assert _texts(first, ".pages a") == ["Older →"]
    assert _texts(_page(client, "/sections/ete/?page=2"), ".story h2") == ["Story 20"]


@pytest.mark.parametrize("number", ["0", "-1", "99", "1" + "0" * 30, "x", "%00", "1.5", ""])
def test_odd_page_numbers_show_some_page(client: Client, number: str) -> None:
    ArticleFactory(section=SectionFactory(slug="harbor"))
    assert len(_page(client, f"/sections/harbor/?page={number}").css(".story")) == 1


def test_article_page_has_every_slot_in_its_place(client: Client, linked: Article) -> None:
    page = _page(client, linked.get_absolute_url())
    children = page.css(".article__body > *")
    assert [node.tag for node in children] == ["p", "p", "p", "section", "p"]
    assert children[3].attributes["data-slot"] == "inline"
    assert _texts(page, "[data-slot=inline] a") == ["Target of inline"]
    assert _texts(page, ".steps [rel=prev] .related-slot__title") == ["Target of previous"]
    assert _texts(page, ".steps [rel=next] .related-slot__title") == ["Target of next"]
    assert _texts(page, ".steps .related-slot__label") == ["Previous Article", "Next Article"]
    assert [link.attributes["href"] for link in page.css("head [rel=prev], head [rel=next]")] == [
        Article.objects.get(title=f"Target of {slot}").get_absolute_url()
        for slot in ("previous", "next")
    ]
    assert _texts(page, ".slots [data-slot=related] a") == ["Target of related"]
    assert _texts(page, ".slots [data-slot=section] a") == ["Neighbor in the section"]


def test_inline_slot_without_a_place_in_the_text_stands_below_it(
    client: Client, linked: Article
) -> None:
    Article.objects.filter(pk=linked.pk).update(body="<p>One:</p><ul><li>a</li></ul>")
    page = _page(client, linked.get_absolute_url())
    assert len(page.css("[data-slot=inline]")) == 1
    assert page.css(".article__body + [data-slot=inline]")


@pytest.mark.parametrize("body", ["<p>One.</p><p>Two.</p>", "Only one.", ""])
def test_inline_slot_ends_a_short_body(client: Client, linked: Article, body: str) -> None:
    Article.objects.filter(pk=linked.pk).update(body=body)
    children = _page(client, linked.get_absolute_url()).css(".article__body > *")
    assert children[-1].attributes.get("data-slot") == "inline"


@pytest.mark.parametrize(("length", "n_below"), [(900, 0), (1_100, 1)])
def test_summary_stands_above_the_text_and_below_a_long_one(
    client: Client, linked: Article, length: int, n_below: int
) -> None:
    linked.body = "word " * (length // 5)
    linked.save()
    approve_summary(row_of(linked), linked, "In short.", user=EditorFactory(), version=0)
    page = _page(client, linked.get_absolute_url())
    parts = [
        node.attributes.get("class")
        for node in page.css("article > .related-summary, article > .article__body")
    ]
    assert parts == ["related-summary", "article__body", *["related-summary"] * n_below]


def test_a_withdrawn_target_is_gone_from_the_next_response(client: Client, linked: Article) -> None:
    withdraw(Article.objects.get(title="Target of related"))
    page = _page(client, linked.get_absolute_url())
    assert page.css("[data-slot=related]") == []
    assert "Target of related" not in (page.html or "")


def test_article_page_shows_what_the_article_has(client: Client) -> None:
    article = ArticleFactory(
        title="El <título>",
        language="es",
        authors=["Ana Ruiz", "Noor Haddad"],
        source="Agencia",
        image_url="https://example.org/boat.jpg",
        published_at=timezone.now() - timedelta(days=1),
    )
    article.tags.add(TagFactory(name="R&D"))
    page = _page(client, article.get_absolute_url())
    assert _texts(page, "h1") == ["El <título>"]
    assert [node.attributes["lang"] for node in page.css("article.article")] == ["es"]
    assert "Por Ana Ruiz, Noor Haddad" in _texts(page, ".article__byline")[0]
    assert _texts(page, ".article__tags li") == ["R&D"]
    assert [node.attributes["src"] for node in page.css(".article__image")] == [article.image_url]
    assert not page.css("[style], script:not([src], [type='application/ld+json'])")


def test_body_that_bypassed_saving_is_harmless(client: Client) -> None:
    article = ArticleFactory()
    Article.objects.filter(pk=article.pk).update(body="<p>x</p><script>alert(1)</script>")
    scripts = _page(client, article.get_absolute_url()).css("script:not([src])")
    assert [script.attributes["type"] for script in scripts] == ["application/ld+json"]


@pytest.mark.parametrize("path", ["/articles/a%00b/", "/articles/%ed%a0%80/", "/sections/%00/"])
def test_impossible_slugs_are_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_pages_are_for_reading_only(client: Client) -> None:
    assert client.post(ArticleFactory().get_absolute_url()).status_code == 405


def test_browsers_ask_again_and_shared_caches_keep_half_a_minute(client: Client) -> None:
    article = ArticleFactory()
    for address in ("/", article.section.get_absolute_url(), article.get_absolute_url()):
        response = client.get(address)
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=30"
        assert "Cookie" not in response.get("Vary", "")


def test_feed(client: Client) -> None:
    ArticleFactory(title="Fish & <chips>\x0b", excerpt="", body="<p>The body</p>")
    ArticleFactory(draft=True, title="Secret")
    response = client.get("/feed/")
    text = response.content.decode()
    assert response["Content-Type"].startswith("application/rss+xml")
    assert "<title>Fish &amp; &lt;chips&gt;</title>" in text
    assert "<description>The body</description>" in text
    assert "Secret" not in text


@pytest.mark.parametrize("n_articles", [1, 3])
def test_query_counts_do_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, n_articles: int
) -> None:
    section = SectionFactory(slug="harbor")
    article = ArticleFactory(section=section)
    article.tags.set(TagFactory.create_batch(n_articles))
    for target in ArticleFactory.create_batch(n_articles, section=section):
        store(target)
        approve(article, "related", target)
    for slot in ("previous", "next", "inline"):
        target = ArticleFactory(section=section)
        store(target)
        approve(article, slot, target)
    store(article)
    rewrite_pages(Document.objects.values_list("pk", flat=True))
    client.get(article.get_absolute_url())  # content types are remembered from the first page on
    with django_assert_num_queries(2):
        client.get("/")
    with django_assert_num_queries(4):
        client.get("/sections/harbor/")
    with django_assert_num_queries(1):
        client.get("/feed/")
    with django_assert_num_queries(5):
        client.get(article.get_absolute_url())
