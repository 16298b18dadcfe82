"""Rows in bulk, by COPY where there is one."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError

from related.domain.bulk_rows import insert_rows, read_rows
from related.models import Corpus, Document, Neighbors
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db

FIELDS = [
    *("document", "corpus", "generation", "version"),
    *("neighbor_ids", "similarities", "is_complete", "hub", "story"),
]


@pytest.fixture
def row() -> tuple[object, ...]:
    ArticleFactory()
    document, corpus = Document.objects.get(), Corpus.objects.create(language="en")
    return document.pk, corpus.pk, 1, 7, b"\x01\x00", b"", True, 0.25, 4


def test_rows_come_back_as_they_went_in(row: tuple[object, ...]) -> None:
    insert_rows(Neighbors, FIELDS, [row])
    assert list(read_rows(Neighbors.objects.all(), FIELDS)) == [row]


def test_a_conflict_is_an_error_of_django(row: tuple[object, ...]) -> None:
    """Else a worker would take what the database refuses for the fault of a document."""
    insert_rows(Neighbors, FIELDS, [row])
    with pytest.raises(IntegrityError):
        insert_rows(Neighbors, FIELDS, [row])


def test_a_failure_to_read_is_an_error_of_django() -> None:
    nowhere = Neighbors.objects.extra(tables=["there_is_no_such_table"])
    with pytest.raises(DatabaseError):
        list(read_rows(nowhere, ["version"]))
