"""How the rebuild at work gets on, and how the last one ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from related.domain.reports.durations import seconds_between
from related.enums import RunStatus
from related.models import RebuildRun


@dataclass(frozen=True, slots=True)
class RebuildState:
    """The latest rebuild, at work or ended."""

    status: str
    phase: str
    n_done: int  # documents of the phase
    n_documents: int
    remaining_seconds: float | None  # of the phase, at its speed so far
    age_seconds: float  # since it ended; of a running one since it started
    error: str
    counts: dict[str, Any]


def describe_latest_run(now: datetime) -> RebuildState | None:
    """The latest rebuild; None before the first."""
    run = RebuildRun.objects.first()
    if run is None:
        return None
    remaining = None
    if run.status == RunStatus.RUNNING and 0 < run.n_done <= run.n_documents:
        per_document = seconds_between(_phase_began(run), now) / run.n_done
        remaining = per_document * (run.n_documents - run.n_done)
    return RebuildState(
        status=run.status,
        phase=run.phase_name,
        n_done=run.n_done,
        n_documents=run.n_documents,
        remaining_seconds=remaining,
        age_seconds=seconds_between(run.finished_at or run.started_at, now),
        error=run.error,
        counts=run.counts,
    )


def seconds_since_rebuild(now: datetime) -> float | None:
    """Since the last rebuild that was finished; None before the first."""
    finished = RebuildRun.objects.filter(status=RunStatus.FINISHED, finished_at__isnull=False)
    run = finished.order_by("-finished_at").first()
    return None if run is None or run.finished_at is None else seconds_between(run.finished_at, now)


def _phase_began(run: RebuildRun) -> datetime:
    """When the last block before the present phase was completed, or the run was started."""
    done = run.blocks.exclude(done_at=None).order_by("-done_at", "-pk")
    latest = done.first()
    if latest is None or latest.done_at is None:
        return run.started_at
    before = done.exclude(phase=latest.phase, corpus=latest.corpus_id).first()
    return run.started_at if before is None or before.done_at is None else before.done_at
