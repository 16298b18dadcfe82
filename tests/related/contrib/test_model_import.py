"""An import into a model of the site's own choice: fields by their names, statuses, keys."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from newsroom.articles.models import Article, Section, Tag
from related.contrib.importing.archives import Notice, Refusal, Row, Where
from related.contrib.importing.saving import ModelImport, RowRefusedError, Totals
from related.models import Document

pytestmark = pytest.mark.django_db


class TagImport(ModelImport):
    """The smallest one: a model with a name alone, which is its key, and not registered."""

    model = Tag
    key = "name"
    fields = {}


class HeadlineImport(ModelImport):
    """A registered model, some of its fields, and words of its own for the statuses."""

    model = Article
    fields = {"title": "title", "published_at": "published_at", "status": "status"}
    statuses = {"published": "published", "draft": "withdrawn"}

    def complete(self, obj: Any, values: Any) -> None:
        obj.slug = obj.slug or obj.external_id
        if obj.title == "Forbidden":
            raise RowRefusedError("the title is forbidden")


def run(importing: type[ModelImport], *data: dict[str, Any], **options: Any) -> tuple[Totals, list]:
    reported: list[Refusal | Notice] = []
    rows = [Row(Where(line), each) for line, each in enumerate(data, start=1)]
    return importing(reported.append, **options).run(rows), reported


def test_the_key_alone() -> None:
    totals, reported = run(TagImport, {"id": "boats", "title": "Boats"}, {"id": "d", "title": "D"})
    assert (totals.created, totals.rows, reported) == (2, 2, [])
    assert set(Tag.objects.values_list("name", flat=True)) == {"boats", "d"}
    assert run(TagImport, {"id": "boats", "title": "Other"})[0].unchanged == 1


def test_without_a_field_for_the_status_only_published_articles_go_in() -> None:
    totals, reported = run(TagImport, {"id": "a", "title": "A", "status": "private"})
    assert totals.refused == 1
    assert [each.reason for each in reported] == [
        "it is draft, and only published articles are taken"
    ]
    assert not Tag.objects.exists()


def test_fields_by_name_and_statuses_in_the_sites_words() -> None:
    run(HeadlineImport, {"id": "a", "title": "A &amp; B", "body": "Not taken.", "status": "draft"})
    article = Article.objects.get()
    assert (article.title, article.status, article.body) == ("A & B", "withdrawn", "")
    assert Document.objects.get().object_id == str(article.pk)


def test_a_row_that_the_site_refuses_leaves_its_object_as_it_is() -> None:
    run(HeadlineImport, {"id": "a", "title": "A"})
    totals, reported = run(
        HeadlineImport,
        {"id": "a", "title": "Forbidden", "status": "draft"},
        {"id": "b", "title": "Forbidden"},
        {"id": "b", "title": "B"},
    )
    assert (totals.created, totals.refused, len(reported)) == (1, 2, 2)
    found = Article.objects.order_by("pk").values_list("title", "status")
    assert list(found) == [("A", "published"), ("B", "published")]


def test_what_a_field_can_hold_is_asked_of_the_model() -> None:
    totals, [refusal] = run(TagImport, {"id": "x" * 101, "title": "A"})
    assert totals.refused == 1
    assert refusal.reason == '"id" has 101 characters; 100 are allowed'


@pytest.mark.parametrize("n_rows", [1, 3, 30])
def test_query_counts(django_assert_num_queries: DjangoAssertNumQueries, n_rows: int) -> None:
    Section.objects.count()
    rows = [{"id": f"tag {n}", "title": "A"} for n in range(n_rows)]
    run(TagImport)
    with django_assert_num_queries(6):
        run(TagImport, *rows)
    with django_assert_num_queries(4):
        run(TagImport, *rows)
