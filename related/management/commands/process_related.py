"""``manage.py process_related``: the worker without a broker, and the sweeper beside Celery."""

from __future__ import annotations

import logging
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from related.conf import conf
from related.domain.rebuilds.rebuilding import process_once, process_publishes
from related.domain.transactions import with_fresh_connections
from related.management.engine import start_engine
from related.models import Document

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Work off every document that waits for new suggestions; with --loop for ever."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Keep looking for work.")

    def handle(self, *args: Any, **options: Any) -> None:
        start_engine(self.stderr)
        if options["loop"]:
            self._loop()
            return
        while process_once(between=process_publishes):
            pass
        n_failed = Document.objects.waiting().exclude(error="").count()
        n_waiting = Document.objects.waiting().count()
        if n_waiting:
            self.stdout.write(
                f"{n_waiting} documents still wait, {n_failed} of them after an error: "
                "see related_health."
            )
        else:
            n_indexed = Document.objects.indexed().count()
            self.stdout.write(f"Nothing waits; {n_indexed} documents are indexed.")

    def _loop(self) -> None:
        """Until SIGTERM or Ctrl-C; a database that went away is waited for."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self.stdout.write("Working; stop with Ctrl-C.")
        self.stdout.flush()
        while not stop.is_set():
            try:
                with with_fresh_connections():
                    is_idle = process_once(between=process_publishes) == 0
            except DatabaseError:
                logger.exception("database failed, trying again")
                is_idle = True
            if is_idle:
                stop.wait(conf.poll_seconds)
