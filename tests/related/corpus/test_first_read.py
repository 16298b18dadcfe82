"""A process that has to read a corpus first: what becomes of the documents when it cannot."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
from django.db import OperationalError
from django.db.models import F
from pytest_django import Settings

from related.domain.corpus import cache
from related.domain.corpus.live import LiveCorpus
from related.domain.indexing.processing import process
from related.models import Corpus, Document
from tests.related.faults import statements_failing
from tests.related.news import BAKERY, FLOOD, FLOOD_COST, document_of, publish, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def late() -> Document:
    """What waits for a process that has no copy of a corpus of two documents."""
    for n, text in enumerate([FLOOD, BAKERY]):
        publish(f"Report {n}", text, day=n)
    work()
    cache.forget(["en"])
    return document_of(publish("Report 3", FLOOD_COST, day=3))


def test_a_copy_that_was_read_half_way_is_dropped(
    late: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*arguments: object) -> NoReturn:
        raise KeyboardInterrupt

    cache.prepare(["en"])
    monkeypatch.setattr(LiveCorpus, "catch_up", stop)
    Corpus.objects.update(version=F("version") + 1)
    with pytest.raises(KeyboardInterrupt):
        cache.prepare(["en"])
    assert "en" not in cache._live


def test_a_corpus_that_cannot_be_read_is_named_with_the_documents(
    late: Document, settings: Settings
) -> None:
    settings.RELATED = {"MEMORY_LIMIT_MB": 50}
    process()
    late.refresh_from_db()
    assert late.attempts == 1
    assert late.error.startswith("CorpusTooLarge: The corpus (en) has 2 articles")


def test_a_database_that_fails_while_a_corpus_is_read_costs_no_attempt(
    late: Document, transactional_db: None
) -> None:
    def is_read(sql: str, params: Any) -> bool:
        return sql.startswith("SELECT") and 'FROM "related_corpusstatistics"' in sql

    with statements_failing(is_read), pytest.raises(OperationalError):
        process()
    late.refresh_from_db()
    assert (late.attempts, late.error) == (0, "OperationalError: disk I/O error")
