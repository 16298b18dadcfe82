"""How much a worker holds at a time: a site's longest texts take megabytes each."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import pytest

from related.domain.corpus.codec import read_counts
from related.domain.corpus.live import LiveCorpus
from related.domain.documents import loading
from related.domain.documents.loading import OBJECTS_AT_ONCE
from related.domain.indexing import claiming
from related.domain.indexing.claiming import CLAIMED_AT_ONCE
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.domain.suggesting import reasons
from related.models import Corpus, Document, DocumentVector
from related.similarity.text.terms import TermCounts
from tests.factories import ArticleFactory
from tests.related.stories import FLOOD, publish, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many objects were read at a time."""
    numbers: list[int] = []
    load_objects = loading.load_objects

    def load_and_note(wanted: Iterable[Document], *, public: bool) -> dict[int, Any]:
        objects = load_objects(wanted, public=public)
        numbers.append(len(objects))
        return objects

    monkeypatch.setattr(loading, "load_objects", load_and_note)
    return numbers


def test_texts_are_read_a_few_at_a_time(loaded: list[int]) -> None:
    n = 2 * OBJECTS_AT_ONCE + 1
    ArticleFactory.create_batch(n)
    process()
    assert sum(loaded) == n
    assert max(loaded) <= OBJECTS_AT_ONCE
    loaded.clear()
    rebuilding.rebuild()
    assert sum(loaded) == n  # the comparison by hash
    assert max(loaded) == OBJECTS_AT_ONCE


def test_no_more_is_claimed_than_can_be_worked_off_within_a_lease() -> None:
    ArticleFactory.create_batch(2 * CLAIMED_AT_ONCE + 1)
    batches = claiming.claim_batches(1_000, Document.objects.due())
    assert [len(claims) for claims in batches] == [CLAIMED_AT_ONCE, CLAIMED_AT_ONCE, 1]


def test_the_words_of_one_text_at_a_time_are_held_to_explain_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for n in range(12):
        publish(f"Report {n}", FLOOD)
    work()
    read: list[weakref.ref[Any]] = []
    alive: list[int] = []

    def read_and_note(row: DocumentVector) -> TermCounts:
        counts = read_counts(row)
        alive.append(sum(reference() is not None for reference in read))
        read.append(weakref.ref(counts.term_ids))
        return counts

    monkeypatch.setattr(reasons, "read_counts", read_and_note)
    corpus = Corpus.objects.get()
    first, *others = Document.objects.values_list("pk", flat=True)
    pairs = {(key, first) for key in others}
    found = reasons.explain_pairs(corpus, LiveCorpus.read(corpus), pairs, {})
    assert len(found) == len(read) == 11
    assert max(alive) <= 1
