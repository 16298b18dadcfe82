"""import_articles: where each key goes, and what a second run does."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import DjangoAssertNumQueries

from newsroom.articles.models import Article, Section, Status, Tag
from newsroom.articles.publishing import withdraw
from related.models import Document
from tests.factories import ArticleFactory, SectionFactory
from tests.newsroom.import_runs import Import

pytestmark = pytest.mark.django_db

FULL = {
    "id": "a-1",
    "title": "Lifeboat  tows\ndredger",
    "body": "<p>Text<script>x</script></p>",
    "excerpt": "In short.",
    "published_at": "2024-05-31T06:30:00+02:00",
    "section": "Harbor News",
    "language": "pt_BR",
    "url": "https://origin.example/a b",
    "source": "Agency",
    "tags": ["boats", "R&D", "boats"],
    "authors": ["Ann", "Bob"],
    "image_url": "https://example.org/i.jpg",
    "status": "published",
    "story": "keys that nobody knows are passed over",
}


def test_every_key_finds_its_field(run: Import) -> None:
    result = run(FULL)
    assert result.code == 0
    assert "1 article created" in result.out
    article = Article.objects.get()
    assert article.title == "Lifeboat tows dredger"
    assert article.slug == "lifeboat-tows-dredger"
    assert article.body == "<p>Text</p>"
    assert article.excerpt == "In short."
    assert article.published_at == datetime(2024, 5, 31, 4, 30, tzinfo=UTC)
    assert article.section == Section.objects.get(name="Harbor News", slug="harbor-news")
    assert article.language == "pt-br"
    assert article.origin_url == "https://origin.example/a%20b"
    assert article.source == "Agency"
    assert set(article.tags.values_list("name", flat=True)) == {"boats", "R&D"}
    assert article.authors == ["Ann", "Bob"]
    assert article.image_url == "https://example.org/i.jpg"
    assert article.external_id == "a-1"


def test_a_title_is_enough(run: Import, settings: Any) -> None:
    settings.LANGUAGE_CODE = "es"
    assert run({"title": "Only a title", "body": None, "section": None}).code == 0
    article = Article.objects.get()
    assert (article.status, article.language, article.section) == (Status.PUBLISHED, "es", None)
    assert article.published_at is None
    assert article.is_visible
    assert article.external_id


@pytest.mark.parametrize("status", ["draft", "withdrawn"])
def test_hidden_articles_need_no_date(run: Import, status: str) -> None:
    run({"title": "Hidden", "status": status})
    assert Article.objects.get().published_at is None


def test_articles_are_marked_for_the_workers(run: Import) -> None:
    run({"id": 1, "title": "One"}, {"id": 2, "title": "Two"})
    Document.objects.update(want_rev=1, done_rev=1)
    run({"id": 1, "title": "One"}, {"id": 2, "title": "Two, edited"})
    waiting = Document.objects.filter(want_rev=2)
    assert [row.object_id for row in waiting] == [str(Article.objects.get(external_id="2").pk)]


def test_the_mended_file_completes_the_import(run: Import) -> None:
    good = [{"id": str(n), "title": f"Title {n}"} for n in range(4)]
    run(*good, {"id": "bad", "title": ""})
    result = run(*good, {"id": "bad", "title": "Mended"})
    assert result.code == 0
    assert "1 article created, 0 updated, 4 unchanged. 0 rows refused" in result.out


def test_repeating_saves_nothing(run: Import) -> None:
    run(FULL, {"title": "No id", "tags": ["boats"]})
    before = list(Article.objects.values_list("pk", "updated_at"))
    result = run(FULL, {"title": "No id", "tags": ["boats"]})
    assert "0 articles created, 0 updated, 2 unchanged" in result.out
    assert list(Article.objects.values_list("pk", "updated_at")) == before
    assert Tag.objects.count() == 2


def test_update_changes_only_what_the_row_names(run: Import) -> None:
    run(FULL)
    article = Article.objects.get()
    withdraw(article)
    result = run({"id": "a-1", "title": "New title", "tags": ["boats"]})
    assert "0 articles created, 1 updated" in result.out
    updated = Article.objects.get()
    assert (updated.title, updated.slug) == ("New title", "lifeboat-tows-dredger")
    assert (updated.status, updated.published_at) == (Status.WITHDRAWN, article.published_at)
    assert (updated.body, updated.section) == (article.body, article.section)
    assert [tag.name for tag in updated.tags.all()] == ["boats"]
    assert updated.updated_at > article.updated_at


def test_only_the_fields_that_change_are_written(run: Import) -> None:
    run(FULL, {"id": "2", "title": "t"})
    with CaptureQueriesContext(connection) as queries:
        result = run({**FULL, "title": "New"}, {"id": "2", "title": "t", "source": "Agency"})
    assert "2 updated" in result.out
    updates = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    written = [re.findall(r'"(\w+)" = \(?CASE', sql) for sql in updates if "_article" in sql]
    assert written == [["title", "updated_at"], ["source", "updated_at"]]


def test_changed_tags_alone_are_an_update(run: Import) -> None:
    run({"id": "1", "title": "t", "tags": ["a", "b"]})
    assert "1 updated" in run({"id": "1", "title": "t", "tags": ["b", "c"]}).out
    assert [tag.name for tag in Article.objects.get().tags.all()] == ["b", "c"]


def test_sections_are_found_by_name_or_slug(run: Import) -> None:
    known = SectionFactory(name="Open Data", position=5)
    names = ["Open Data", "open-data", "OPEN DATA", "social-media", "Social media", "Été"]
    run(*({"id": n, "title": "t", "section": name} for n, name in enumerate(names)))
    assert [section.name for section in Section.objects.all()] == [
        "Open Data",
        "Social media",
        "Été",
    ]
    assert known.articles.count() == 3


def test_equal_titles_get_different_slugs(run: Import) -> None:
    ArticleFactory(title="Weather")
    run(*({"id": n, "title": "Weather"} for n in range(12)), {"id": "e", "title": "🎉"})
    slugs = list(Article.objects.values_list("slug", flat=True))
    assert len(set(slugs)) == 14
    assert "weather-3" in slugs
    assert "article" in slugs


SPANISH = "El pleno del ayuntamiento votó el lunes cerrar la biblioteca del barrio antiguo. " * 3
CHINESE = "市议会星期一晚上投票决定关闭图书馆。" * 20


@pytest.mark.parametrize(
    ("body", "language"),
    [(SPANISH, "es"), (f"<p>{SPANISH}</p>", "es"), ("", "en"), (CHINESE, "zh")],
    ids=["long", "html", "too short", "no stemmer"],
)
def test_missing_language_is_told_from_the_text(run: Import, body: str, language: str) -> None:
    run({"title": "Biblioteca", "body": body})
    assert Article.objects.get().language == language


@pytest.mark.parametrize("n_articles", [1, 3, 40])
def test_query_count_does_not_grow(
    run: Import, django_assert_num_queries: DjangoAssertNumQueries, n_articles: int
) -> None:
    ArticleFactory(title="Same title")
    rows = [{"id": n, "title": "Same title", "tags": ["a", "b"]} for n in range(n_articles)]
    with django_assert_num_queries(18):
        run(*rows)
    with django_assert_num_queries(5):
        run(*rows)
