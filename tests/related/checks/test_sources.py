"""Sources that miss something, or that fail on what the site has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.models import QuerySet

from newsroom.articles.models import Article, Section
from related import Source
from tests.factories import ArticleFactory

Check = Callable[[], list[CheckMessage]]
Register = Callable[[dict[Any, Any]], None]


class HalfSource(Source):
    def queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.all()

    def title(self, obj: Any) -> str:
        return str(obj)

    def text(self, obj: Any) -> str:
        return str(obj)


class WholeSource(HalfSource):
    def public(self) -> QuerySet[Any]:
        return self.queryset()

    def url(self, obj: Any) -> str:
        return f"/stories/{obj.pk}/"


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_a_site_without_a_registered_model(check: Check, register_only: Register) -> None:
    register_only({})
    assert ids(check()) == ["related.W001"]


def test_a_source_without_its_methods(check: Check, register_only: Register) -> None:
    register_only({Section: HalfSource})
    messages = check()
    assert ids(messages) == ["related.E003"] * 2
    assert [message.msg for message in messages] == [
        "HalfSource does not define public().",
        "HalfSource does not define url().",
    ]


def test_a_source_that_reads_what_is_there(check: Check, register_only: Register) -> None:
    register_only({Article: WholeSource})
    assert check() == []
    ArticleFactory()
    assert check() == []


@pytest.mark.parametrize(
    ("method", "value", "reason"),
    [
        ("text", None, "AttributeError: 'Article' object has no attribute 'subject'"),
        ("section", 7, "TypeError: it returns 7, not a text"),
        ("published_at", date(2026, 3, 2), "not a date with its time"),
        ("published_at", datetime(2026, 3, 2), "without a time zone"),  # noqa: DTZ001
    ],
)
def test_a_source_that_cannot_read_its_objects(
    check: Check, register_only: Register, method: str, value: Any, reason: str
) -> None:
    def read(self: Source, obj: Any) -> Any:
        return obj.subject if value is None else value

    register_only({Article: type("Broken", (WholeSource,), {method: read})})
    assert check() == []  # nothing to try it on
    article = ArticleFactory()
    message, *_ = check()
    assert message.id == "related.E007"
    assert f"Broken.{method}() fails for newsroom.Article {article.pk}: " in message.msg
    assert reason in message.msg


def test_a_source_whose_queryset_fails(check: Check, register_only: Register) -> None:
    class Broken(WholeSource):
        def public(self) -> QuerySet[Any]:
            return Article.objects.filter(is_out=True)

    register_only({Article: Broken})
    [message] = check()
    assert message.id == "related.E007"
    assert "Cannot resolve keyword 'is_out'" in message.msg


@pytest.mark.parametrize(
    "url", ["", None, "stories/7", "javascript:alert(1)", "https://news.example", "mailto:a@b.c"]
)
def test_an_address_that_is_none(check: Check, register_only: Register, url: str) -> None:
    class Placeless(WholeSource):
        def url(self, obj: Any) -> str:
            return url

    register_only({Article: Placeless})
    ArticleFactory()
    [message] = check()
    assert (message.id, repr(url) in message.msg) == ("related.E008", True)


@pytest.mark.parametrize("url", ["/", "/a/b", "https://news.example/", "HTTP://news.example/a?b"])
def test_addresses_as_sites_have_them(check: Check, register_only: Register, url: str) -> None:
    class Elsewhere(WholeSource):
        def url(self, obj: Any) -> str:
            return url

    register_only({Article: Elsewhere})
    ArticleFactory()
    assert check() == []


def test_one_bad_object_does_not_stop_a_site(check: Check, register_only: Register) -> None:
    class Mostly(WholeSource):
        def text(self, obj: Any) -> str:
            if obj.title == "bad":
                raise ValueError("damaged")
            return str(obj.title)

    register_only({Article: Mostly})
    ArticleFactory()
    ArticleFactory(title="bad")
    [message] = check()
    assert message.id == "related.W009"
    assert "ValueError: damaged" in message.msg


def test_only_the_command_check_reads_the_sites_objects(
    check: Check, register_only: Register
) -> None:
    """A text that kills who reads it would keep all workers from starting."""
    read = []

    class Deadly(WholeSource):
        def text(self, obj: Any) -> str:
            read.append(obj)
            raise ValueError("deadly")

    register_only({Article: Deadly})
    ArticleFactory()
    call_command("related_health", skip_checks=False, stdout=StringIO())
    assert run_checks(tags=["related"]) == []
    assert read == []
    with pytest.raises(SystemCheckError, match=r"related\.E007[\s\S]*deadly"):
        call_command("check", stderr=StringIO())
    assert len(read) == 1
    assert run_checks(tags=["related"]) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a table is away in between")
@pytest.mark.django_db(transaction=True)
def test_before_the_tables_are_there(check: Check, register_only: Register) -> None:
    """`migrate` runs the checks first: it must not be refused for what it is to make."""
    register_only({Article: WholeSource})
    table = Article._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            assert check() == []
        finally:
            cursor.execute(f"ALTER TABLE away RENAME TO {table}")
