"""Clocks of hosts beside the database's. The work goes by the database's clock alone; a host whose
own is off still stamps its log and what the site writes there, and people are told."""

from __future__ import annotations

import logging
import math
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from related.models import HostClock

logger = logging.getLogger(__name__)

# As Django's ``Now()`` asks.
CLOCKS = {
    "postgresql": "SELECT STATEMENT_TIMESTAMP()",
    "sqlite": "SELECT STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')",
}
# Clocks that a time service keeps are within milliseconds.
SECONDS_ALLOWED = 5.0
# How often one process says it again, and how long it is believed of a host.
SECONDS_BETWEEN = 300.0
BELIEVED_FOR = timedelta(hours=1)


def database_now() -> datetime:
    """The database's time, for where rows that are written together carry one time (aware)."""
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS[connection.vendor])
        value = cursor.fetchone()[0]
    if isinstance(value, str):  # SQLite has no dates
        value = datetime.fromisoformat(value).replace(tzinfo=UTC)
    now: datetime = value
    return now


def seconds_ahead(before: datetime, database: datetime, after: datetime) -> float:
    """How far a clock is ahead of the database's for certain, however long the answer took.

    Args:
        before: its own time when the database was asked.
        database: what the database said.
        after: its own time when the answer was there.

    Returns:
        Seconds; negative: behind; 0: it may be right.
    """
    ahead, behind = before - database, database - after
    return max(ahead.total_seconds(), 0.0) or -max(behind.total_seconds(), 0.0)


def is_off(seconds: float) -> bool:
    return abs(seconds) > SECONDS_ALLOWED


def own_seconds_ahead() -> float:
    """Of this process's clock."""
    return seconds_ahead(timezone.now(), database_now(), timezone.now())


def clocks_off() -> dict[str, float]:
    """Seconds ahead of the database (negative: behind), by host: where workers found it lately, and
    of this process's own clock."""
    rows = HostClock.objects.filter(measured_at__gt=Now() - BELIEVED_FOR).order_by("host")
    off = dict(rows.values_list("host", "seconds_ahead"))
    own = own_seconds_ahead()
    return {**off, host_name(): own} if is_off(own) else off


def host_name() -> str:
    return socket.gethostname()[:255]


class ClockWatch:
    """What a process last said about the clock of its host."""

    def __init__(self, timer: Callable[[], float] = monotonic) -> None:
        self._timer = timer
        self._was_off = False
        self._silent_until = -math.inf

    def tell(self, seconds: float) -> None:
        """Log a clock that is off and note it for others, now and then; take it back when it is
        right again.

        Args:
            seconds: as of ``seconds_ahead``.
        """
        if is_off(seconds):
            if self._timer() < self._silent_until:
                return
            self._silent_until = self._timer() + SECONDS_BETWEEN
            said = {"host": host_name(), "seconds_ahead": round(seconds, 1)}
            logger.warning("clock differs from the database's", extra=said)
            HostClock.objects.update_or_create(
                host=host_name(), defaults={"seconds_ahead": seconds, "measured_at": Now()}
            )
        elif self._was_off:
            self._silent_until = -math.inf
            HostClock.objects.filter(host=host_name()).delete()
        self._was_off = is_off(seconds)


clock_watch = ClockWatch()
