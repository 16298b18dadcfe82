"""Fresh publishes beside whatever else a sweeper has in hand: none waits behind its rebuild."""

from __future__ import annotations

import logging
from threading import Event, Thread
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connections

from related.conf import conf
from related.domain.rebuilds.rebuilding import process_publishes
from related.domain.transactions import with_fresh_connections

logger = logging.getLogger(__name__)


class PublishesBeside:
    """A thread that processes publishes while the context is open.

    A block of a rebuild can take long (the switch, above all), and workers that could take a
    publish do not know of it when its message was lost.
    """

    def __init__(self) -> None:
        self._is_over = Event()
        self._thread = Thread(target=self._run, name="publishes", daemon=True)

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
                    process_publishes()
            except DatabaseError as error:
                # The main thread says it at length; both look again.
                logger.warning("publishes not looked at", extra={"reason": str(error)})
            except Exception:
                logger.exception("publishes not processed")
            self._is_over.wait(conf.poll_seconds)
        connections.close_all()
