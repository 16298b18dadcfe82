"""A process at work: registered and alive for as long as its work takes, and no longer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.signals import connection_created
from pytest_django import Settings

from related.domain.indexing import claiming
from related.domain.indexing.processing import process
from related.domain.leases import at_work
from related.models import Document, Worker
from tests.related.faults import silence, statements_failing, while_reading
from tests.related.stories import FLOOD, document_of, publish


@pytest.fixture
def _quick(settings: Settings, transactional_db: None) -> None:
    settings.RELATED = {"HEARTBEAT_SECONDS": 0.1, "SILENCE_SECONDS": 1}


def hearts() -> list[str]:
    return [thread.name for thread in threading.enumerate() if "heartbeat" in thread.name]


def wait_for_a_beat(worker: Worker) -> None:
    """From a worker that counts as dead."""
    silence(worker)
    deadline = time.monotonic() + 20
    while Worker.objects.dead().exists():
        assert time.monotonic() < deadline, "no heartbeat"
        time.sleep(0.02)


@pytest.mark.usefixtures("_quick")
def test_a_worker_lives_for_as_long_as_its_work_takes() -> None:
    """Longer than the silence of a dead one, in the site's own code; nobody takes its documents."""
    row = document_of(publish("Barrier raised", FLOOD))
    seen: list[int] = []

    def work_long(obj: object) -> None:
        for _ in range(8):
            time.sleep(0.25)
            claiming.free_dead()
            seen.append(Document.objects.claimable().count())

    with while_reading(work_long):
        assert process() == 1
    assert seen == [0] * 8
    row.refresh_from_db()
    assert (row.is_waiting, row.attempts) == (False, 0)
    assert not Worker.objects.exists()
    assert hearts() == []


@contextmanager
def beats_refused(n: int) -> Iterator[list[str]]:
    """The database refuses the first beats of new connections; those refused are listed."""
    refused: list[str] = []

    def refuse(run: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "related_worker"') and len(refused) < n:
            refused.append(sql)
            raise OperationalError("database is locked")
        return run(sql, *args)

    def prepare(connection: Any, **kwargs: Any) -> None:
        if refuse not in connection.execute_wrappers:
            connection.execute_wrappers.append(refuse)

    connection_created.connect(prepare)
    try:
        yield refused
    finally:
        connection_created.disconnect(prepare)


@pytest.mark.usefixtures("_quick")
def test_a_heart_goes_on_after_the_database_refused_some_beats() -> None:
    with beats_refused(2) as refused, at_work() as worker:
        wait_for_a_beat(worker)
    assert len(refused) == 2


@pytest.mark.usefixtures("_quick")
def test_what_a_process_leaves_in_hand_is_free_when_it_ends_its_work() -> None:
    row = document_of(publish("Barrier raised", FLOOD))
    with at_work() as worker:
        claiming.claim(worker, [row.pk])
        claiming.free_dead()
        row.refresh_from_db()
        assert row.worker_id == worker.pk
    claiming.free_dead()
    row.refresh_from_db()
    assert (row.worker_id, row.attempts) == (None, 1)


@pytest.mark.usefixtures("_quick")
def test_work_that_breaks_ends_all_the_same() -> None:
    with pytest.raises(OperationalError), statements_failing(is_end), at_work():
        raise OperationalError("connection lost")
    assert hearts() == []
    assert Worker.objects.exists()  # its silence will tell


def is_end(sql: str, params: Any) -> bool:
    return sql.startswith('DELETE FROM "related_worker"')


@pytest.mark.django_db
def test_no_heart_beats_inside_a_transaction_of_the_caller() -> None:
    """Another connection could not see the worker; on SQLite it could not write either."""
    assert connection.in_atomic_block
    with at_work() as worker:
        assert hearts() == []
        assert worker.beat()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_rolls_back_takes_its_claims_along() -> None:
    row = document_of(publish("Barrier raised", FLOOD))

    def claim_and_fail() -> None:
        with transaction.atomic(), at_work() as worker:
            assert claiming.claim(worker, [row.pk])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        claim_and_fail()
    row.refresh_from_db()
    assert (row.worker_id, row.attempts) == (None, 0)
