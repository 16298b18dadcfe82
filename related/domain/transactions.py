"""Connections and transactions: those of workers, which live long, and what follows a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any
from weakref import WeakSet

from django.db import (
    DatabaseError,
    InterfaceError,
    close_old_connections,
    connection,
    connections,
    transaction,
)

from related.conf import conf
from related.models import Document
from related.signals import links_changed, pages_changed

# SQLite's writers look for its one lock at least every tenth of a second.
LONGEST_PAUSE = 0.12  # seconds
# Connections on which PostgreSQL looks whether the other end is there.
_watched: WeakSet[Any] = WeakSet()


@contextmanager
def with_fresh_connections() -> Iterator[None]:
    """Leave no broken connection behind: after a database error, the next use reconnects.

    Without it the second query after a dropped connection fails as well. Inside an atomic block
    (as tests run tasks) the connections belong to the caller and are left alone.
    """
    in_atomic_block = any(c.in_atomic_block for c in connections.all(initialized_only=True))
    if not in_atomic_block:
        close_old_connections()
    try:
        yield
    except DatabaseError:
        if not in_atomic_block:
            connections.close_all()
        raise


@contextmanager
def background_transaction(*, pause: Callable[[float], object] = sleep) -> Iterator[None]:
    """One transaction of a worker, which makes way for editors after it.

    A database with one lock for all writers (SQLite) gives it to the first that looks when it is
    free. A worker with much to do would hold it nearly always, and an editor's save wait until it
    is refused; so the lock is left alone for as long as it was held, up to ``LONGEST_PAUSE``.
    """
    started = monotonic()
    notice_lost_hosts()
    with transaction.atomic():
        yield
    if has_one_lock() and not connection.in_atomic_block:
        pause(min(monotonic() - started, LONGEST_PAUSE))


def notice_lost_hosts() -> None:
    """Have PostgreSQL end this connection, and give back its locks, once the host of this worker
    has been gone for as long as it takes to call a worker dead: a cut cable says no goodbye, and
    by itself the server waits for two hours. A host that is there answers, however busy it is."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    connection.ensure_connection()
    if connection.connection in _watched:
        return
    seconds = conf.silence_seconds
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('tcp_keepalives_idle', %s, false), "
            "set_config('tcp_keepalives_interval', %s, false), "
            "set_config('tcp_keepalives_count', '4', false), "
            "set_config('tcp_user_timeout', %s, false)",
            [str(max(1, seconds // 3)), str(max(1, seconds // 6)), str(1000 * seconds)],
        )
    _watched.add(connection.connection)


def answers() -> bool:
    """Whether the database answers, on a new connection where one may be made."""
    if not connection.in_atomic_block:
        connection.close()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def has_one_lock() -> bool:
    """Whether all writers of all processes take turns."""
    database: Any = connection
    return connection.vendor == "sqlite" and not database.is_in_memory_db()


def after_commit(function: Callable[..., object], *args: Any) -> None:
    """Call a function when the transaction commits; what it raises is logged and hurts nobody.

    The change is saved by then, so a broker that is away must not become an error page.
    """

    # A function of its own: to log a failure Django asks for the name, which a partial has not.
    def call() -> None:
        function(*args)

    transaction.on_commit(call, robust=True)


def announce_changes(document_ids: Iterable[int]) -> None:
    """Send ``links_changed`` for these documents when the transaction commits."""
    keys = sorted(document_ids)
    after_commit(lambda: links_changed.send_robust(Document, document_ids=keys))


def announce_everything() -> None:
    """Send ``pages_changed`` for every page, and ``links_changed`` when the transaction commits."""
    pages_changed.send(Document, document_ids=None)
    after_commit(lambda: links_changed.send_robust(Document, document_ids=None))
