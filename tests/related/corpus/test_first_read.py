"""A process that has to read a large corpus first: nothing is held, and nothing lost, meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import pytest
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from related.conf import conf
from related.domain.corpus import cache, snapshots
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.memory import CorpusTooLarge
from related.domain.indexing import claiming
from related.domain.indexing.processing import process
from related.enums import Priority
from related.models import Corpus, Document
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, publish, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Document:
    """What waits for a process that has no copy of a corpus of two documents, which is large."""
    settings.RELATED = {"SNAPSHOT_DIR": str(tmp_path)}
    for n, text in enumerate([FLOOD, BAKERY]):
        publish(f"Report {n}", text, day=n)
    work()
    cache.forget(["en"])
    monkeypatch.setattr(snapshots, "MIN_DOCUMENTS", 2)
    article = publish("Report 3", FLOOD_COST, day=3)
    return Document.objects.get(object_id=str(article.pk))


def while_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    read = LiveCorpus.read

    def act_and_read(corpus: Corpus) -> LiveCorpus:
        act()
        return read(corpus)

    monkeypatch.setattr(LiveCorpus, "read", act_and_read)


def test_nothing_is_held_while_a_large_corpus_is_read(
    late: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a million documents that takes longer than a lease; nobody did anything wrong."""
    free: list[Document] = []
    while_reading(monkeypatch, lambda: free.extend(Document.objects.due()))
    assert process() == 1
    assert [(document.pk, document.attempts) for document in free] == [(late.pk, 0)]
    late.refresh_from_db()
    assert (late.done_rev, late.attempts) == (late.want_rev, 0)


def test_what_others_take_while_a_corpus_is_read_is_theirs(
    late: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Document] = []
    while_reading(monkeypatch, lambda: taken.extend(Document.objects.due().claim()))
    process()
    [theirs] = taken
    late.refresh_from_db()
    assert late.done_rev < late.want_rev
    assert (late.due_at, late.attempts) == (theirs.due_at, 1)
    assert process() == 0  # the corpus is there, and nothing is due


def test_a_second_chance_is_not_lost_to_reading(late: Document) -> None:
    quarter = timedelta(seconds=conf.second_chance_seconds + 60)
    Document.objects.filter(pk=late.pk).update(
        attempts=conf.max_attempts, due_at=timezone.now() - quarter
    )
    assert process() == 1
    late.refresh_from_db()
    assert (late.done_rev, late.attempts) == (late.want_rev, 0)


def test_what_was_tried_meanwhile_is_claimed_alone(
    late: Document, monkeypatch: pytest.MonkeyPatch
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
    while_reading(monkeypatch, die)
    process()
    assert claims == [2, 1, 1]
    assert not Document.objects.waiting().exists()


def test_what_was_marked_anew_is_not_handed_back(late: Document) -> None:
    [claim] = claiming.claim([late.pk])
    Document.objects.filter(pk=late.pk).mark(Priority.PUBLISH)  # it came while the claim was held
    assert claiming.hand_back([claim]) == []
    late.refresh_from_db()
    assert late.want_rev == claim.want_rev + 1


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
    late: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> NoReturn:
        raise CorpusTooLarge("The corpus en is too large")

    while_reading(monkeypatch, refuse)
    process()
    late.refresh_from_db()
    assert (late.attempts, late.error) == (1, "CorpusTooLarge: The corpus en is too large")


def test_a_database_that_fails_while_a_corpus_is_read_costs_no_attempt(
    late: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> NoReturn:
        raise OperationalError("server closed the connection unexpectedly")

    while_reading(monkeypatch, fail)
    with pytest.raises(OperationalError):
        process()
    late.refresh_from_db()
    assert (late.attempts, late.error) == (0, "")
