"""A rebuild finds anew what repeats, and comes to what publishes came to, in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.articles.models import Article
from newsroom.articles.publishing import withdraw
from related import bulk_changes
from related.domain.corpus.cache import corpus_cache
from related.domain.indexing.processing import process_rows
from related.domain.indexing.results import store_vectors_only
from related.domain.rebuilds.rebuilding import rebuild
from related.enums import Phase
from related.models import Corpus, Document, DocumentVector, RebuildRun, RepeatedPassage
from tests.related.repeats import CREDIT, STUB, n_neighbors, plain, stored, stub, words
from tests.related.stories import FLOOD, SMALL_BLOCKS, document_of, publish, work

pytestmark = pytest.mark.django_db

Make = Callable[[], Article]
MAKERS: list[Make] = [
    *(lambda n=n: stub(n) for n in range(4)),
    *(lambda n=n: stub(n, CREDIT) for n in range(4, 7)),
    lambda: plain(7),
    lambda: publish("Barrier raised on the river", f"{FLOOD} {CREDIT}"),
    lambda: publish("UPDATE 1-Barrier raised on the river", f"{FLOOD} It held. {CREDIT}", day=1),
    lambda: publish("UPDATE 2-Barrier raised on the river", f"{FLOOD} It rains. {CREDIT}", day=2),
]


def begin_again() -> None:
    Article.objects.all().delete()
    for model in (Document, Corpus, RebuildRun):
        model.objects.all().delete()
    corpus_cache.forget(["en"])


def one_by_one(makers: Iterable[Make]) -> None:
    for make in makers:
        make()
        work()


def in_a_batch(makers: Iterable[Make]) -> None:
    with bulk_changes():
        for make in makers:
            make()
    work()


def by_a_rebuild(makers: Iterable[Make]) -> None:
    """As after a large import: vectors alone are stored, then everything is rebuilt."""
    for make in makers:
        make()
    process_rows(Document.objects.all(), store_vectors_only, limit=100, at_once=100)
    rebuild(sizes=SMALL_BLOCKS)


@pytest.mark.parametrize("way", [in_a_batch, by_a_rebuild])
def test_every_way_comes_to_the_same(way: Callable[[Iterable[Make]], None]) -> None:
    one_by_one(MAKERS)
    expected = stored()
    assert len(expected[""]) == 2 + 1  # the long sentences of the stub, and the credit
    begin_again()
    way(MAKERS)
    assert stored() == expected
    assert not Document.objects.waiting().exists()


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(range(len(MAKERS))), st.lists(st.integers(1, 11), max_size=2))
def test_the_order_of_publishing_makes_no_difference(order: list[int], cuts: list[int]) -> None:
    begin_again()
    in_a_batch(MAKERS)
    expected = stored()
    begin_again()
    ends = [0, *sorted(cuts), len(order)]
    for start, end in pairwise(ends):
        in_a_batch([MAKERS[n] for n in order[start:end]])
    assert stored() == expected


def test_a_rebuild_changes_nothing_that_publishes_came_to() -> None:
    one_by_one(MAKERS)
    expected = stored()
    run = rebuild()
    assert run.counts["n_outdated"] == 0
    assert stored() == expected


def test_when_the_others_are_withdrawn_a_passage_is_content_again() -> None:
    articles = [stub(n) for n in range(3)]
    work()
    before = words(articles[0])
    withdraw(articles[2])
    work()
    rebuild()
    assert words(articles[0]) > before
    assert "subscribers" in words(articles[1])
    assert n_neighbors(articles[0]) == 1
    assert not RepeatedPassage.objects.exists()


def test_a_text_of_nothing_but_the_passage_comes_back_too() -> None:
    others = [stub(0), stub(1)]
    bare = publish("", STUB, day=5)
    work()
    for other in others:
        withdraw(other)
    work()
    rebuild()
    assert "subscribers" in words(bare)


def test_a_mark_that_was_lost_is_found_by_the_next_rebuild() -> None:
    articles = [stub(n) for n in range(3)]
    work()
    expected = stored()
    RepeatedPassage.objects.all().delete()
    rebuild()
    assert stored() == expected
    row = DocumentVector.objects.get(document=document_of(articles[0]))
    DocumentVector.objects.filter(pk=row.pk).update(omitted=b"")
    run = rebuild()
    assert run.counts["n_outdated"] == 1
    assert stored() == expected


def test_the_phases_of_a_corpus_come_in_their_order() -> None:
    articles = [stub(n) for n in range(3)]
    process_rows(Document.objects.all(), store_vectors_only, limit=100, at_once=100)
    run = rebuild(sizes=SMALL_BLOCKS)
    phases = run.blocks.exclude(corpus=None).order_by("pk").values_list("phase", flat=True)
    assert list(dict.fromkeys(phases)) == [
        Phase.PASSAGES,
        Phase.ANALYZE,
        Phase.STATISTICS,
        Phase.SEARCH,
        Phase.LEARN,
        Phase.SUGGEST,
        Phase.SWITCH,
    ]
    assert not words(articles[0]) & {"subscribers"}
