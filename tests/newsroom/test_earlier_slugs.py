"""The addresses that an article had stay its own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.articles.models import Article, EarlierSlug
from tests.factories import ArticleFactory, EditorFactory
from tests.newsroom.import_runs import Import

pytestmark = pytest.mark.django_db

MAY_PREVIEW = ["related.view_suggestion", "newsroom.view_article"]


def test_every_slug_that_an_article_had_is_kept() -> None:
    article = ArticleFactory(title="First")
    for slug in ("second", "third", "second"):
        article.slug = slug
        article.save()
    article.title = "Only the title changes"
    article.save()
    assert {earlier.slug for earlier in article.earlier_slugs.all()} == {"first", "third"}


def test_a_new_article_does_not_get_an_address_that_another_had(run: Import) -> None:
    article = ArticleFactory(title="Weather")
    article.slug = "weather-of-monday"
    article.save()
    assert ArticleFactory(title="Weather").slug == "weather-2"
    run({"id": "1", "title": "Weather"})
    assert EarlierSlug.objects.get().article == article


def test_an_editor_may_give_it_to_another() -> None:
    article = ArticleFactory(title="Weather")
    article.slug = "weather-of-monday"
    article.save()
    ArticleFactory(title="Weather", slug="weather")
    assert not article.earlier_slugs.exists()


def test_saving_other_fields_asks_nothing(django_assert_num_queries: object) -> None:
    article = ArticleFactory()
    article.slug = "not-stored"
    article.save(update_fields=["title"])
    assert not article.earlier_slugs.exists()


def renamed(**fields: object) -> Article:
    """An article that was at /articles/first/ and is at /articles/second/."""
    article: Article = ArticleFactory(title="First", **fields)
    article.slug = "second"
    article.save()
    return article


@pytest.mark.parametrize("query", ["", "?utm_source=letter", "?preview=1"])
def test_an_earlier_address_leads_to_the_present_one(client: Client, query: str) -> None:
    renamed()
    answer = client.get(f"/articles/first/{query}")
    assert (answer.status_code, answer["Location"]) == (301, "/articles/second/")


def test_who_has_an_address_now_answers_at_it(client: Client) -> None:
    other = ArticleFactory(title="Other")
    renamed()
    Article.objects.filter(pk=other.pk).update(slug="first")  # behind the model's back
    assert client.get("/articles/first/").context["article"] == other


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
@pytest.mark.parametrize("query", ["", "?preview=1"])
def test_an_earlier_address_of_a_hidden_article_is_as_missing_as_any(
    client: Client, state: str, query: str
) -> None:
    renamed(**{state: True})
    answers, queries = [], []
    for slug in ("never-was", "first", "second"):
        with CaptureQueriesContext(connection) as captured:
            answers.append(client.get(f"/articles/{slug}/{query}"))
        queries.append(len(captured))
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers == answers[1].headers == answers[2].headers
    assert len(set(queries)) == 1, queries


def test_editors_preview_under_an_earlier_address_too(client: Client) -> None:
    draft = renamed(draft=True)
    client.force_login(EditorFactory(permissions=MAY_PREVIEW))
    answer = client.get("/articles/first/?preview=1", follow=True)
    assert answer.context["article"] == draft
    assert answer["Cache-Control"] == "private, no-store"
