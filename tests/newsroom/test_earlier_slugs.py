"""The addresses that an article had stay its own."""

from __future__ import annotations

import pytest

from newsroom.articles.models import EarlierSlug
from tests.factories import ArticleFactory
from tests.newsroom.import_runs import Import

pytestmark = pytest.mark.django_db


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
