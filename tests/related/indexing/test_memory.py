"""How much a worker holds at a time: a site's longest texts take megabytes each."""

from __future__ import annotations

import weakref
from typing import Any

import pytest

from related.domain.corpus.codec import read_counts
from related.domain.corpus.live import LiveCorpus
from related.domain.documents.loading import OBJECTS_AT_ONCE
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.domain.suggesting import reasons
from related.models import Corpus, Document, DocumentVector
from related.similarity.text.terms import TermCounts
from tests.factories import ArticleFactory
from tests.related.faults import statements_failing
from tests.related.stories import FLOOD, publish, work

pytestmark = pytest.mark.django_db


def test_texts_are_read_a_few_at_a_time() -> None:
    loaded: list[int] = []

    def note(sql: str, params: Any) -> bool:
        if sql.startswith("SELECT") and 'FROM "newsroom_article"' in sql and " IN (" in sql:
            loaded.append(sum(isinstance(param, int) for param in params))
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
    found = reasons.explain_pairs(corpus, LiveCorpus.read(corpus), {(k, first) for k in others}, {})
    assert len(found) == len(read) == 11
    assert max(alive) <= 1
