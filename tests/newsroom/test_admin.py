"""Articles and sections in the admin: form, list, the ways to page and review."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article, Section, Status
from tests.factories import ArticleFactory, EditorFactory, SectionFactory
from tests.newsroom.desk import LIST, PUBLISHER, article_form, change_page, listed_titles

pytestmark = pytest.mark.django_db


def test_adding_and_publishing_in_one_go(publisher: Client) -> None:
    publisher.post(f"{LIST}add/", article_form(slug="", authors="Ann\n\n Bob ", _publish="1"))
    article = Article.objects.get()
    assert (article.slug, article.authors, article.is_visible) == ("a-title", ["Ann", "Bob"], True)


def test_a_slug_that_is_taken_is_explained(writer: Client) -> None:
    ArticleFactory(slug="a-title")
    response = writer.post(f"{LIST}add/", article_form())
    assert "Leave it empty to get one that is free" in response.content.decode()


def test_only_a_scheduled_article_needs_a_date(publisher: Client) -> None:
    no_date = {"published_at_0": "", "published_at_1": ""}
    scheduled, published = ArticleFactory(scheduled=True), ArticleFactory()
    response = publisher.post(change_page(scheduled), article_form(scheduled, **no_date))
    assert "A scheduled article needs a date" in response.content.decode()
    publisher.post(change_page(published), article_form(published, **no_date))
    published.refresh_from_db()
    assert (published.published_at, published.is_visible) == (None, True)


def test_a_new_article_is_a_draft(writer: Client) -> None:
    writer.post(f"{LIST}add/", article_form(status="published"))
    assert Article.objects.get().status == Status.DRAFT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"language": "English!"}, "Enter a language code"),
        ({"image_url": "ftp://example.org/a"}, "starts with http or https"),
    ],
)
def test_mistakes_are_explained(publisher: Client, fields: dict[str, str], words: str) -> None:
    article = ArticleFactory()
    response = publisher.post(change_page(article), article_form(article, **fields))
    assert response.status_code == 200
    assert words in response.content.decode()


def test_links_lead_to_review_preview_and_page(client: Client) -> None:
    client.force_login(EditorFactory(permissions=[*PUBLISHER, "related.view_suggestion"]))
    out, draft = ArticleFactory(), ArticleFactory(draft=True)
    for article in (out, draft):
        review = reverse("admin:related_document_review", args=["newsroom.article", article.pk])
        for address in (LIST, change_page(article)):
            page = LexborHTMLParser(client.get(address).content)
            assert page.css_matches(f'a[href="{review}"]')
            assert page.css_matches(f'a[href="{article.get_absolute_url()}?preview=1"]')
    assert not page.css_matches(f'a[href="{draft.get_absolute_url()}"]')
    gone = client.get(change_page(ArticleFactory(withdrawn=True))).content.decode()
    assert "Review links" not in gone


def test_review_links_are_for_reviewers(writer: Client) -> None:
    article = ArticleFactory()
    for address in (LIST, change_page(article)):
        assert "Review links" not in writer.get(address).content.decode()


def test_list_searches_and_filters(publisher: Client) -> None:
    section = SectionFactory()
    ArticleFactory(title="Lifeboat tows dredger", section=section, external_id="mc-1")
    ArticleFactory(title="Something else")
    for query in ("q=lifeboat+dredger", "q=mc-1", f"section__id__exact={section.pk}"):
        assert listed_titles(publisher, query) == ["Lifeboat tows dredger"]


def test_status_filter_goes_by_the_clock(publisher: Client) -> None:
    past = timezone.now() - timedelta(days=1)
    ArticleFactory(title="Out by the clock", scheduled=True, published_at=past)
    ArticleFactory(title="To come", scheduled=True)
    ArticleFactory(title="Draft", draft=True)
    ArticleFactory(title="Gone", withdrawn=True)
    assert listed_titles(publisher, "status=published") == ["Out by the clock"]
    assert listed_titles(publisher, "status=scheduled") == ["To come"]
    assert listed_titles(publisher, "status=draft") == ["Draft"]
    assert listed_titles(publisher, "status=withdrawn") == ["Gone"]
    assert len(listed_titles(publisher, "")) == 4


@pytest.mark.parametrize("n_articles", [1, 3])
def test_list_query_count_does_not_grow(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries, n_articles: int
) -> None:
    ArticleFactory.create_batch(n_articles, section=SectionFactory())
    with django_assert_num_queries(9):
        assert admin_client.get(LIST).status_code == 200


def test_sections_count_their_articles(admin_client: Client) -> None:
    section = ArticleFactory(section=SectionFactory(name="Harbor")).section
    page = LexborHTMLParser(admin_client.get("/admin/newsroom/section/").content)
    assert [node.text() for node in page.css("td.field-number_of_articles")] == ["1"]
    response = admin_client.post(
        reverse("admin:newsroom_section_delete", args=[section.pk]), {"post": "yes"}
    )
    assert response.status_code == 200
    assert Section.objects.filter(pk=section.pk).exists()
