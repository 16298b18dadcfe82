"""A process that has to read a large corpus first: nothing is held, and nothing lost, meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from related.conf import conf
from related.domain.corpus.cache import CorpusCache
from related.domain.indexing import claiming
from related.domain.indexing.processing import process
from related.enums import Priority
from related.models import Document
from tests.related.corpus.copies import before, reads_a_corpus
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, publish, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(tmp_path: Path, settings: Settings) -> Document:
    """What waits for a process that has no copy of a corpus of two documents, which is large."""
    settings.RELATED = {"SNAPSHOT_DIR": str(tmp_path)}
    for n, text in enumerate([FLOOD, BAKERY]):
        publish(f"Report {n}", text, day=n)
    work()
    article = publish("Report 3", FLOOD_COST, day=3)
    return Document.objects.get(object_id=str(article.pk))


@pytest.fixture
def cache() -> CorpusCache:
    """That of a process which has read nothing yet, and for which two documents are many."""
    return CorpusCache(min_shared=2)


def while_reading(act: Callable[[], object]) -> AbstractContextManager[None]:
    return before(reads_a_corpus, act)


def test_nothing_is_held_while_a_large_corpus_is_read(late: Document, cache: CorpusCache) -> None:
    """At a million documents that takes longer than a lease; nobody did anything wrong."""
    free: list[Document] = []
    with while_reading(lambda: free.extend(Document.objects.due())):
        assert process(cache=cache) == 1
    assert [(document.pk, document.attempts) for document in free] == [(late.pk, 0)]
    late.refresh_from_db()
    assert (late.done_rev, late.attempts) == (late.want_rev, 0)


def test_what_others_take_while_a_corpus_is_read_is_theirs(
    late: Document, cache: CorpusCache
) -> None:
    taken: list[Document] = []
    with while_reading(lambda: taken.extend(Document.objects.due().claim())):
        process(cache=cache)
    [theirs] = taken
    late.refresh_from_db()
    assert late.done_rev < late.want_rev
    assert (late.due_at, late.attempts) == (theirs.due_at, 1)
    assert process(cache=cache) == 0  # the corpus is there, and nothing is due


def test_a_second_chance_is_not_lost_to_reading(late: Document, cache: CorpusCache) -> None:
    quarter = timedelta(seconds=conf.second_chance_seconds + 60)
    Document.objects.filter(pk=late.pk).update(
        attempts=conf.max_attempts, due_at=timezone.now() - quarter
    )
    assert process(cache=cache) == 1
    late.refresh_from_db()
    assert (late.done_rev, late.attempts) == (late.want_rev, 0)


def test_what_was_tried_meanwhile_is_claimed_alone(
    late: Document, cache: CorpusCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that took the same and died of one of them: the others lose no second try to it."""
    publish("Report 5", BAKERY, day=5)
    claims: list[int] = []
    claim = claiming.claim

    def note(keys: Sequence[int]) -> list[claiming.Claim]:
        claims.append(len(keys))
        return claim(keys)

    def die() -> None:
        Document.objects.due().claim()
        Document.objects.update(due_at=timezone.now())  # the lease has ended

    monkeypatch.setattr(claiming, "claim", note)
    with while_reading(die):
        process(cache=cache)
    assert claims == [2, 1, 1]
    assert not Document.objects.waiting().exists()


def test_what_was_marked_anew_is_not_handed_back(late: Document) -> None:
    [claim] = claiming.claim([late.pk])
    Document.objects.filter(pk=late.pk).mark(Priority.PUBLISH)  # it came while the claim was held
    assert claiming.hand_back([claim]) == []
    late.refresh_from_db()
    assert late.want_rev == claim.want_rev + 1


def test_a_corpus_that_cannot_be_read_is_named_with_the_documents(
    late: Document, cache: CorpusCache, settings: Settings
) -> None:
    settings.RELATED = {**settings.RELATED, "MEMORY_LIMIT_MB": 1}
    process(cache=cache)
    late.refresh_from_db()
    assert late.attempts == 1
    assert late.error.startswith("CorpusTooLarge: The corpus (en) has 2 articles")


def test_a_database_that_fails_while_a_corpus_is_read_costs_no_attempt(
    late: Document, cache: CorpusCache
) -> None:
    def fail() -> NoReturn:
        raise OperationalError("server closed the connection unexpectedly")

    with while_reading(fail), pytest.raises(OperationalError):
        process(cache=cache)
    late.refresh_from_db()
    assert (late.attempts, late.error) == (0, "")
