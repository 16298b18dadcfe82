"""A process that has to read a corpus first: what becomes of the documents when it cannot."""

from __future__ import annotations

from typing import NoReturn

import pytest
from django.db import OperationalError
from pytest_django import Settings

from related.domain.corpus.cache import CorpusCache
from related.domain.indexing.processing import process
from related.models import Document
from tests.related.corpus.copies import before, reads_a_corpus
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, document_of, publish, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def late() -> Document:
    """What waits for a process that has no copy of a corpus of two documents."""
    for n, text in enumerate([FLOOD, BAKERY]):
        publish(f"Report {n}", text, day=n)
    work()
    return document_of(publish("Report 3", FLOOD_COST, day=3))


def test_a_corpus_that_cannot_be_read_is_named_with_the_documents(
    late: Document, settings: Settings
) -> None:
    settings.RELATED = {"MEMORY_LIMIT_MB": 1}
    process(cache=CorpusCache())
    late.refresh_from_db()
    assert late.attempts == 1
    assert late.error.startswith("CorpusTooLarge: The corpus “en” has 2 articles")


def test_a_database_that_fails_while_a_corpus_is_read_costs_no_attempt(
    late: Document, transactional_db: None
) -> None:
    def fail() -> NoReturn:
        raise OperationalError("server closed the connection unexpectedly")

    with before(reads_a_corpus, fail), pytest.raises(OperationalError):
        process(cache=CorpusCache())
    late.refresh_from_db()
    assert late.attempts == 0
    assert late.error == "OperationalError: server closed the connection unexpectedly"
