"""Pages that no other page links to, for an editor to give them a place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from related.domain.desk.queue import QueueFilter, QueueRow, QueueState, find_queue, queue_rows
from related.models import DailyCoverage, Decision
from related.models.reviewing import ReviewStateQuerySet


def find_orphans(wanted: QueueFilter, user: Any) -> ReviewStateQuerySet:
    """As of the last census, without those that were approved somewhere since; newest first.

    Args:
        wanted: of these; its state and reason do not count.
    """
    everything = replace(wanted, state=QueueState.ALL, reason=None)
    orphans = find_queue(everything, user).pages().filter(is_orphan=True)
    since = DailyCoverage.objects.last_census()
    if since is None:
        return orphans.none()
    approved = Decision.objects.approved().filter(decided_at__gte=since)
    return orphans.exclude(pk__in=approved.values("target"))


def read_orphans(wanted: QueueFilter, user: Any, start: int, end: int) -> list[QueueRow]:
    """A part of the list, with live titles; a constant number of queries."""
    rows = find_orphans(wanted, user).select_related("document")
    return queue_rows([row.document for row in rows[start:end]], user)
