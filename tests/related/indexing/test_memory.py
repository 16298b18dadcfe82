"""How much a worker holds at a time: a site's longest texts take megabytes each."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest

from related.domain.corpus.codec import read_counts
from related.domain.corpus.live import LiveCorpus
from related.domain.documents.loading import OBJECTS_AT_ONCE
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.domain.suggesting.reasons import explain_pairs
from related.models import Corpus, Document, DocumentVector
from related.similarity.text.terms import TermCounts
from tests.factories import ArticleFactory
from tests.related.faults import keys_asked_for, statements_failing
from tests.related.stories import FLOOD, publish, work

pytestmark = pytest.mark.django_db


def test_texts_are_read_a_few_at_a_time() -> None:
    loaded: list[int] = []

    def note(sql: str, params: Any) -> bool:
        if sql.startswith("SELECT") and 'FROM "newsroom_article"' in sql and '"id" IN (' in sql:
            loaded.append(len(keys_asked_for(sql, params)))
        return False

    n = 2 * OBJECTS_AT_ONCE + 1
    ArticleFactory.create_batch(n)
    with statements_failing(note):
        process()
        assert sum(loaded) == n
        assert max(loaded) <= OBJECTS_AT_ONCE
        loaded.clear()
        rebuilding.rebuild()
        assert sum(loaded) == n  # the comparison by hash
        assert max(loaded) == OBJECTS_AT_ONCE


class Read(Mapping[int, TermCounts]):
    """Counts by document, read when asked for; notes how many of them are held at a time."""

    def __init__(self, keys: Iterable[int]) -> None:
        self._keys = set(keys)
        self._read: list[weakref.ref[Any]] = []
        self.n_held: list[int] = []

    def __getitem__(self, key: int) -> TermCounts:
        self.n_held.append(sum(reference() is not None for reference in self._read))
        counts = read_counts(DocumentVector.objects.get(document=key))
        self._read.append(weakref.ref(counts.term_ids))
        return counts

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[int]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def test_the_words_of_one_text_at_a_time_are_held_to_explain_many() -> None:
    for n in range(12):
        publish(f"Report {n}", FLOOD)
    work()
    corpus = Corpus.objects.get()
    first, *others = Document.objects.values_list("pk", flat=True)
    read = Read(others)
    pairs = {(key, first) for key in others}
    found = explain_pairs(corpus, LiveCorpus.read(corpus), pairs, read)
    assert len(found) == len(read.n_held) == 11
    assert max(read.n_held) <= 1
