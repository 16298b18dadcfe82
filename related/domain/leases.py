"""A process at work: its row and heartbeat, and what becomes of its claims when the work breaks."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Event, Thread

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone

from related.conf import conf
from related.domain.clocks import clock_watch, seconds_ahead
from related.domain.transactions import notice_lost_hosts
from related.models import Worker
from related.models.leases import Claimable

logger = logging.getLogger(__name__)


@contextmanager
def at_work() -> Iterator[Worker]:
    """Register this process as a worker, alive until the end of the block; claim rows in its name.

    What it still holds then is free again, as after a failed try. Where the caller holds a
    transaction (as tests do) there is no heartbeat: others cannot see the claims anyway.
    """
    notice_lost_hosts()
    asked_at = timezone.now()
    worker = Worker.register()
    ahead = seconds_ahead(asked_at, worker.heartbeat_at, timezone.now())
    is_over = Event()
    heart = Thread(target=_beat, args=(worker, is_over), name=f"heartbeat of {worker}", daemon=True)
    if not connection.in_atomic_block:
        heart.start()
    try:
        clock_watch.tell(ahead)
        yield worker
    finally:
        is_over.set()
        if heart.ident is not None:
            heart.join()
        with suppress(DatabaseError, InterfaceError):  # else its silence tells as much
            worker.delete()


def _beat(worker: Worker, is_over: Event) -> None:
    """Heartbeats on a connection of this thread's own, which short work never comes to open."""
    pause = conf.heartbeat_seconds
    while not is_over.wait(pause):
        try:
            worker.beat()
            pause = conf.heartbeat_seconds
        except (DatabaseError, InterfaceError) as error:
            logger.warning("no heartbeat", extra={"worker": str(worker), "reason": str(error)})
            connection.close()
            pause = min(1.0, conf.heartbeat_seconds)  # on SQLite it waited for 20 s
    connection.close()


@contextmanager
def releasing_on_database_error(claimed: Sequence[Claimable]) -> Iterator[None]:
    """Around the work on claimed rows: nothing is set aside because the database failed, or because
    this process was asked to end.

    A row that was claimed alone loses no attempt. Several lose one, and are tried one by one.
    """
    try:
        yield
    except (OperationalError, InterfaceError, KeyboardInterrupt, SystemExit) as error:
        # A transaction of the caller's is broken, and takes the claim back itself.
        if len(claimed) == 1 and not connection.in_atomic_block:
            connection.close()
            with suppress(OperationalError, InterfaceError):  # else the try is counted after all
                claimed[0].release(error)
        raise
