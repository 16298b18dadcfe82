"""``manage.py process_related``: the worker without a broker, and the sweeper beside Celery."""

from __future__ import annotations

import logging
import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.conf import conf
from related.domain.rebuilds.rebuilding import process_once, process_publishes
from related.domain.transactions import with_fresh_connections
from related.management.beside import publishes_beside, sweep, sweeps_beside
from related.management.engine import start_engine
from related.models import Document

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = _("Process every document that is waiting for new suggestions; with --loop, forever.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help=_("Keep looking for work."))

    def handle(self, *args: Any, **options: Any) -> None:
        start_engine(self.stderr)
        if options["loop"]:
            self._loop()
            return
        while process_once(between=process_publishes):
            pass
        sweep()
        n_failed = Document.objects.waiting().exclude(error="").count()
        n_waiting = Document.objects.waiting().count()
        if n_waiting:
            message = ngettext(
                "%(n)d document is still waiting, %(failed)d after an error: see related_health.",
                "%(n)d documents are still waiting, %(failed)d of them after an error: see "
                "related_health.",
                n_waiting,
            )
            self.stdout.write(message % {"n": n_waiting, "failed": n_failed})
        else:
            n_indexed = Document.objects.indexed().count()
            message = ngettext(
                "Nothing is waiting; %(n)d document is indexed.",
                "Nothing is waiting; %(n)d documents are indexed.",
                n_indexed,
            )
            self.stdout.write(message % {"n": n_indexed})

    def _loop(self) -> None:
        """Until SIGTERM or Ctrl-C; a database that went away is waited for."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *arguments: stop.set())
        self.stdout.write(_("Working; stop with Ctrl-C."))
        self.stdout.flush()
        with publishes_beside(), sweeps_beside():
            while not stop.is_set():
                try:
                    with with_fresh_connections():
                        is_idle = process_once(between=process_publishes) == 0
                except DatabaseError:
                    logger.exception("database failed, trying again")
                    is_idle = True
                if is_idle:
                    stop.wait(conf.poll_seconds)
