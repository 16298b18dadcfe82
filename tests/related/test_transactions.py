"""Workers beside people, on a database that lets one of them write at a time.

The tests run on SQLite, which has one lock, and on PostgreSQL, where nobody waits.
"""

from __future__ import annotations

import logging
from time import monotonic, sleep

import pytest
from django.db import connection
from pytest_django import Settings

from related.domain.indexing.processing import process
from related.domain.transactions import LONGEST_PAUSE, background_transaction, has_one_lock
from related.models import Document
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_only_a_file_of_sqlite_has_one_lock() -> None:
    assert has_one_lock() == (connection.vendor == "sqlite")


@pytest.mark.parametrize("held", [0.03, LONGEST_PAUSE + 0.05])
def test_the_lock_is_left_alone_for_as_long_as_it_was_held(held: float) -> None:
    pauses: list[float] = []
    started = monotonic()
    with background_transaction(pause=pauses.append):
        Document.objects.update(error="")
        sleep(held)
    longest = monotonic() - started
    assert len(pauses) == (connection.vendor == "sqlite")
    for seconds in pauses:
        assert min(held, LONGEST_PAUSE) <= seconds <= min(longest, LONGEST_PAUSE)
    assert not connection.in_atomic_block


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is on the worker's own host")
def test_the_server_looks_whether_a_workers_host_is_there(settings: Settings) -> None:
    settings.RELATED = {"SILENCE_SECONDS": 60}
    for _ in range(2):  # also on a new connection
        connection.close()
        with background_transaction(), connection.cursor() as cursor:
            told = []
            for name in ("keepalives_idle", "keepalives_interval", "keepalives_count"):
                cursor.execute(f"SHOW tcp_{name}")
                told += [int(value) for value in cursor.fetchone()]
    assert told == [20, 10, 4]  # 60 seconds in all


def test_work_that_fails_is_not_waited_for() -> None:
    pauses: list[float] = []
    with (
        pytest.raises(ValueError, match="broken"),
        background_transaction(pause=pauses.append),
    ):
        raise ValueError("broken")
    assert pauses == []


def test_fewer_are_stored_at_once_where_everybody_waits(caplog: pytest.LogCaptureFixture) -> None:
    ArticleFactory.create_batch(7)
    with caplog.at_level(logging.INFO):
        process()
    stored = [log.n_documents for log in caplog.records if log.message == "documents stored"]
    assert stored == ([3, 3, 1] if connection.vendor == "sqlite" else [7])
    assert not Document.objects.waiting().exists()
