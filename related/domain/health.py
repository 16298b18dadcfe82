"""Is the work being done? Numbers for operators, probes and monitoring."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from related.conf import conf
from related.enums import Priority, Rule, RunStatus
from related.models import Decision, Document, RebuildRun, Slot, Suggestion

N_FAILED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class FailedDocument:
    """A document that was set aside after too many tries."""

    document: str  # app_label.model:id
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Health:
    """Ages in seconds; None stands for "there is none".

    ``empty_slots`` says for each slot that goes by similarity how many of the ``n_indexed``
    documents have neither a suggestion nor an approved link in it.
    """

    is_stale: bool
    oldest_waiting_seconds: float | None
    n_waiting: int
    n_failed: int
    failed: list[FailedDocument]
    n_indexed: int
    empty_slots: dict[str, int]
    last_rebuild_seconds: float | None


def measure_health() -> Health:
    """Count everything. Stale means that stored links answer old texts and will go on doing so:
    the oldest waiting document has waited longer than STALE_SECONDS, or one was set aside.
    """
    oldest = oldest_waiting_seconds()
    failed = Document.objects.failed()
    n_failed = failed.count()
    return Health(
        is_stale=n_failed > 0 or (oldest is not None and oldest > conf.stale_seconds),
        oldest_waiting_seconds=oldest,
        n_waiting=Document.objects.waiting().count() - n_failed,
        n_failed=n_failed,
        failed=[
            FailedDocument(row.label, row.attempts, row.error)
            for row in failed.select_related("content_type").order_by("pk")[:N_FAILED_SHOWN]
        ],
        n_indexed=Document.objects.indexed().count(),
        empty_slots={
            slot.key: _n_empty(slot)
            for slot in Slot.objects.active()
            if Rule(slot.rule).is_similarity
        },
        last_rebuild_seconds=_last_rebuild_seconds(),
    )


def oldest_waiting_seconds(priority: Priority | None = None) -> float | None:
    """How long the oldest document has waited that a worker may still take; None: none waits.

    Args:
        priority: look only at documents marked with this priority.
    """
    now = timezone.now()
    waiting = Document.objects.waiting().exclude(attempts__gte=conf.max_attempts, due_at__lte=now)
    if priority is not None:
        waiting = waiting.filter(priority=priority)
    oldest = waiting.aggregate(oldest=Min("marked_at"))["oldest"]
    return None if oldest is None else max(0.0, (now - oldest).total_seconds())


def _n_empty(slot: Slot) -> int:
    suggested = Suggestion.objects.served().filter(slot=slot, document=OuterRef("pk"))
    approved = Decision.objects.approved().filter(slot=slot, document=OuterRef("pk"))
    return Document.objects.indexed().exclude(Exists(suggested)).exclude(Exists(approved)).count()


def _last_rebuild_seconds() -> float | None:
    finished = RebuildRun.objects.filter(status=RunStatus.FINISHED, finished_at__isnull=False)
    run = finished.order_by("-finished_at").first()
    if run is None or run.finished_at is None:
        return None
    return max(0.0, (timezone.now() - run.finished_at).total_seconds())
