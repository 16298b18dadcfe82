"""Writes what is pending, some time after it was counted, in a thread of its own.

Nothing that a reader waits for is done here, and Redis is never asked. What a process that is
killed had pending is lost: the counts of ``FLUSH_SECONDS`` at most, while the database answers.
"""

from __future__ import annotations

import atexit
import logging
import os
from collections.abc import Callable, Iterable
from threading import Event as Signal
from threading import Lock, Thread

from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from related.contrib.clicks.conf import conf
from related.contrib.clicks.events import Event
from related.contrib.clicks.pending import Counts, Pending
from related.contrib.clicks.writing import write_counts
from related.domain.transactions import with_fresh_connections

logger = logging.getLogger(__name__)


class Counter:
    """Counts in memory; a thread that lives while something is pending writes it out."""

    def __init__(self, write: Callable[[Counts], object] = write_counts) -> None:
        self.pending = Pending()
        self._write = write
        self._flushing = Lock()
        self._starting = Lock()
        self._is_full = Signal()
        self._thread: Thread | None = None
        self._is_failing = False
        self._is_at_exit = False

    def count(self, events: Iterable[Event]) -> None:
        self.pending.add(events, timezone.localdate(), conf.max_pending)
        with self._starting:
            if self._thread is None and len(self.pending):
                self._thread = Thread(target=self._run, name="related-clicks", daemon=True)
                self._thread.start()
                if not self._is_at_exit:
                    self._is_at_exit = True
                    atexit.register(self._flush_at_exit)
                    os.register_at_fork(after_in_child=self._begin_anew)
        if self.pending.n_events >= conf.flush_events:
            self._is_full.set()

    def flush(self) -> bool:
        """Write what is pending; False: the database is away, and it is kept."""
        with self._flushing:
            counts = self.pending.take()
            if not counts:
                return True
            try:
                with with_fresh_connections():
                    self._write(counts)
            except (DatabaseError, InterfaceError) as error:
                self.pending.give_back(counts, conf.max_pending)
                if not self._is_failing:  # once, not every few seconds
                    logger.error("clicks not written, they are kept", exc_info=error)  # noqa: TRY400
                self._is_failing = True
                return False
            if self._is_failing:
                n_dropped = self.pending.n_dropped
                logger.info("clicks written again", extra={"n_dropped": n_dropped})
            self._is_failing = False
            return True

    def _run(self) -> None:
        while True:
            self._is_full.wait(conf.flush_seconds)
            self._is_full.clear()
            self.flush()
            connections.close_all()
            with self._starting:
                if not len(self.pending):
                    self._thread = None
                    return

    def _flush_at_exit(self) -> None:
        try:
            self.flush()
        except RuntimeError:  # a pool of connections may start no thread any more
            logger.warning("clicks lost at exit", exc_info=True)

    def _begin_anew(self) -> None:
        """In a forked process: what was pending is the parent's, and the thread is there."""
        self.pending = Pending()
        self._flushing, self._starting, self._is_full = Lock(), Lock(), Signal()
        self._thread = None


counter = Counter()
