"""Workers beside people, on a database that lets one of them write at a time."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic, sleep

import pytest
from django.db import connection

from related.domain import transactions
from related.domain.indexing import processing
from related.domain.indexing.results import Result
from related.domain.transactions import LONGEST_PAUSE, background_transaction
from related.models import Document
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds for which the lock was left alone; nobody has to sit through them."""
    taken: list[float] = []
    monkeypatch.setattr(transactions, "sleep", taken.append)
    monkeypatch.setattr(transactions, "has_one_lock", lambda: True)
    return taken


@pytest.mark.parametrize("held", [0.03, LONGEST_PAUSE + 0.05])
def test_the_lock_is_left_alone_for_as_long_as_it_was_held(
    pauses: list[float], held: float
) -> None:
    started = monotonic()
    with background_transaction():
        Document.objects.update(error="")
        sleep(held)
    longest = monotonic() - started
    assert len(pauses) == 1
    assert min(held, LONGEST_PAUSE) <= pauses[0] <= min(longest, LONGEST_PAUSE)
    assert not connection.in_atomic_block


def test_work_that_fails_is_not_waited_for(pauses: list[float]) -> None:
    with pytest.raises(ValueError, match="broken"), background_transaction():
        raise ValueError("broken")
    assert pauses == []


@pytest.mark.parametrize(("one_lock", "sizes"), [(True, [3, 3, 1]), (False, [7])])
def test_fewer_are_stored_at_once_where_everybody_waits(
    one_lock: bool, sizes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    ArticleFactory.create_batch(7)
    batches: list[int] = []
    store_batch = processing.store_batch

    def store_and_note(results: Sequence[Result]) -> int:
        batches.append(len(results))
        return store_batch(results)

    monkeypatch.setattr(processing, "store_batch", store_and_note)
    monkeypatch.setattr(processing, "has_one_lock", lambda: one_lock)
    processing.process()
    assert batches == sizes
    assert not Document.objects.waiting().exists()


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_only_a_file_of_sqlite_has_one_lock(vendor: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", vendor)
    monkeypatch.setattr(connection, "is_in_memory_db", lambda: False, raising=False)
    assert transactions.has_one_lock() == (vendor == "sqlite")
