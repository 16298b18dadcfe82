"""What a sweeper does beside whatever else it has in hand: neither fresh publishes nor the work of
other apps waits behind its rebuild."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connections

from related.conf import conf
from related.domain.rebuilds.rebuilding import process_publishes
from related.domain.transactions import with_fresh_connections
from related.models import Document
from related.signals import sweeping

logger = logging.getLogger(__name__)


class Beside:
    """A thread that does some of a work, over and over, while the context is open."""

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self._name = name
        self._work = work
        self._is_over = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                with with_fresh_connections():
                    self._work()
            except DatabaseError as error:
                # The main thread says it at length; both look again.
                logger.warning(
                    "work beside not looked at", extra={"work": self._name, "reason": str(error)}
                )
            except Exception:
                logger.exception("work beside failed", extra={"work": self._name})
            self._is_over.wait(conf.poll_seconds)
        connections.close_all()


@contextmanager
def publishes_beside() -> Iterator[None]:
    """A block of a rebuild can take long (the switch, above all), and workers that could take a
    publish do not know of it when its message was lost."""
    with Beside("publishes", process_publishes):
        yield


@contextmanager
def sweeps_beside() -> Iterator[None]:
    """The work of other apps, where there are any: it may wait for other hosts."""
    if not sweeping.has_listeners(Document):
        yield
        return
    with Beside("sweeps", sweep):
        yield


def sweep() -> None:
    sweeping.send(Document)
