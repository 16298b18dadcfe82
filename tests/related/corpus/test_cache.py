"""The copies of a process: those of two agree, and whatever fails leaves no trace in them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from related.domain.corpus.cache import CorpusCache
from related.domain.indexing.processing import process
from related.models import Corpus, Document, Neighbors
from related.similarity.text.analysis import analyze_text
from tests.related.corpus.copies import before, contents, copy_in, reads_a_corpus
from tests.related.faults import end_pauses
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, FLOOD_UPDATE, publish, suggested

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache() -> CorpusCache:
    return CorpusCache()


@pytest.fixture
def another() -> CorpusCache:
    """That of a second process: the database alone tells the two of each other."""
    return CorpusCache()


def locks_a_corpus(sql: str) -> bool:
    return connection.in_atomic_block and sql.startswith("SELECT") and "related_corpus" in sql


def stores_lists(sql: str) -> bool:
    return sql.startswith('INSERT INTO "related_neighbors"')


def test_a_second_process_sees_what_the_first_stored(
    cache: CorpusCache, another: CorpusCache
) -> None:
    first = publish("Barrier raised", FLOOD)
    publish("Bakery opens", BAKERY)
    process(cache=cache)
    second = publish("Barrier holds", FLOOD_UPDATE, day=1)
    process(cache=another)
    third = publish("Cost of the barrier", FLOOD_COST, day=2)
    process(cache=cache)
    assert set(suggested(third, "previous")) == {"Barrier raised", "Barrier holds"}
    assert "Cost of the barrier" in suggested(second, "next")
    assert "Cost of the barrier" in suggested(first, "next")
    assert contents(copy_in(cache)) == contents(copy_in(another))


def test_a_failed_transaction_leaves_no_trace_in_memory(
    cache: CorpusCache, another: CorpusCache
) -> None:
    first = publish("Barrier raised", FLOOD)
    process(cache=cache)
    second = publish("Barrier holds", FLOOD_UPDATE, day=1)

    def fail() -> None:
        raise DatabaseError("disk full")

    with before(stores_lists, fail):
        process(cache=cache)
    assert suggested(first, "next") == []
    # Another process stores something else as the version that the first one had in its hands.
    third = publish("Cost of the barrier", FLOOD_COST, day=2)
    process(cache=another)
    end_pauses()
    process(cache=cache)
    assert set(suggested(first, "next")) == {"Barrier holds", "Cost of the barrier"}
    assert suggested(second, "next") == ["Cost of the barrier"]
    assert "Barrier holds" in suggested(third, "previous")


@pytest.mark.django_db(transaction=True)
def test_a_failed_commit_leaves_no_trace_in_memory(cache: CorpusCache) -> None:
    publish("Barrier raised", FLOOD)
    process(cache=cache)
    before_it = contents(copy_in(cache))

    def store_what_belongs_to_no_document() -> None:
        """The database notices at the commit."""
        with cache.locked(["en"]) as [(corpus, live)]:
            live.put({7: analyze_text("", BAKERY, "en")})
            Neighbors.objects.create(document_id=7, corpus=corpus, generation=0, version=9)

    with pytest.raises(IntegrityError):
        store_what_belongs_to_no_document()
    assert contents(copy_in(cache)) == before_it


def test_a_copy_that_was_read_half_way_is_dropped(cache: CorpusCache, another: CorpusCache) -> None:
    """Vectors come before lists: where these are damaged, the copy knows half of the news."""
    publish("Barrier raised", FLOOD)
    process(cache=cache)
    held = copy_in(cache)
    publish("Barrier holds", FLOOD_UPDATE, day=1)
    process(cache=another)
    row = Neighbors.objects.latest("version")
    stored = row.similarities
    Neighbors.objects.filter(pk=row.pk).update(similarities=b"")
    with pytest.raises(ValueError, match="damaged"):
        copy_in(cache)
    Neighbors.objects.filter(pk=row.pk).update(similarities=stored)
    assert copy_in(cache) is not held
    assert contents(copy_in(cache)) == contents(copy_in(another))


@pytest.mark.django_db(transaction=True)
def test_a_corpus_is_read_before_others_have_to_wait_for_it(
    cache: CorpusCache, another: CorpusCache
) -> None:
    publish("Barrier raised", FLOOD)
    process(cache=cache)
    publish("Barrier holds", FLOOD_UPDATE)
    while_locked: list[bool] = []
    with before(reads_a_corpus, lambda: while_locked.append(connection.in_atomic_block)):
        process(cache=another)
    assert while_locked == [False]


@pytest.mark.django_db(transaction=True)
def test_a_corpus_that_was_switched_meanwhile_is_not_read_while_others_wait(
    cache: CorpusCache,
) -> None:
    """Another process switches a rebuild in, after this one made ready and before its lock."""
    publish("Barrier raised", FLOOD)
    process(cache=cache)
    publish("Barrier holds", FLOOD_UPDATE)
    while_locked: list[bool] = []
    generations = iter([1])

    def switch() -> None:
        if generation := next(generations, None):
            Corpus.objects.update(generation=generation)

    with (
        before(reads_a_corpus, lambda: while_locked.append(connection.in_atomic_block)),
        before(locks_a_corpus, switch),
    ):
        process(cache=cache)
    assert while_locked == [False]
    assert copy_in(cache).generation == 1
    assert not Document.objects.waiting().exists()


def test_a_copy_is_kept_for_the_next_publish(
    cache: CorpusCache, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish("Barrier raised", FLOOD)
    process(cache=cache)
    held = copy_in(cache)
    with django_assert_num_queries(5):  # three of the corpus row, two of the savepoint
        assert copy_in(cache) is held


def test_a_database_that_was_replaced_is_read_again(cache: CorpusCache) -> None:
    publish("Barrier raised", FLOOD)
    process(cache=cache)
    held = copy_in(cache)
    Corpus.objects.update(token=uuid4())
    assert copy_in(cache) is not held
