"""PostgreSQL keeps the plans of what pages are read with, where the site lets it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from newsroom.articles.models import Article
from related.domain.prepared import fetch_all
from tests.related.stored_articles import make_article

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL keeps plans"),
]


@pytest.fixture(autouse=True)
def keeping_plans() -> Iterator[None]:
    connection.close()
    options = connection.settings_dict["OPTIONS"]
    before = options.get("prepare_threshold")
    options["prepare_threshold"] = 2
    yield
    options["prepare_threshold"] = before
    connection.close()


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def migrate(statement: str) -> None:
    """As another process does it."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(statement)
    other.close()


def test_a_page_that_is_read_again_and_again_is_planned_once(client: Client) -> None:
    article = make_article("A bridge")

    for _ in range(4):
        assert client.get(f"/api/v1/links/newsroom.article/{article.pk}/").status_code == 200

    statements = prepared()
    assert any("related_pagelinks" in statement for statement in statements)
    assert any('FROM "newsroom_article"' in statement for statement in statements)


def test_a_column_that_changes_its_type_fails_no_reader(client: Client) -> None:
    article = make_article("A bridge")
    address = f"/api/v1/links/newsroom.article/{article.pk}/"
    for _ in range(4):
        client.get(address)
    try:
        migrate("ALTER TABLE newsroom_article ALTER COLUMN title TYPE text")

        answers = [client.get(address) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [200] * 4
        assert answers[-1].json()["document"]["title"] == "A bridge"
    finally:
        migrate("ALTER TABLE newsroom_article ALTER COLUMN title TYPE varchar(1000)")


def test_values_of_no_clear_type_go_the_usual_way() -> None:
    make_article("A bridge")
    statement = "SELECT title || pg_typeof(%s)::text FROM newsroom_article WHERE %s IS NOT NULL"

    for _ in range(3):
        assert fetch_all(connection, statement, ["x", "y"]) == [("A bridgeunknown",)]


def test_nothing_is_prepared_where_the_site_does_not_say_so(client: Client) -> None:
    connection.close()
    connection.settings_dict["OPTIONS"]["prepare_threshold"] = None
    article = make_article("A bridge")

    for _ in range(4):
        assert client.get(f"/api/v1/links/newsroom.article/{article.pk}/").status_code == 200

    assert prepared() == []
    assert Article.objects.filter(title=Concat(Value("A "), Value("bridge"))).exists()
