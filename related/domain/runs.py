"""The record of a rebuild: one at a time, with signs of life."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Protocol

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from related.enums import RunStatus
from related.models import RebuildRun

# A run that gave no sign of life for this long died with its process.
SILENCE = timedelta(seconds=30)
HEARTBEAT_SECONDS = 2.0


class RebuildRunning(Exception):
    """Another rebuild is at work; ``str()`` says since when and how far it is."""


class Progress(Protocol):
    """Told about every step: the phase, how much of it is done, how much there is."""

    def __call__(self, phase: str, n_done: int, n_total: int) -> None: ...


def start_run() -> RebuildRun:
    """Open a run; the database allows one that is running, on any number of machines.

    Raises:
        RebuildRunning: another run is alive.
    """
    now = timezone.now()
    RebuildRun.objects.filter(status=RunStatus.RUNNING, heartbeat_at__lt=now - SILENCE).update(
        status=RunStatus.FAILED,
        finished_at=now,
        error="Its process ended without a word (killed, or the machine restarted).",
    )
    try:
        with transaction.atomic():
            return RebuildRun.objects.create()
    except IntegrityError:
        other = RebuildRun.objects.filter(status=RunStatus.RUNNING).first()
        at_work = f"since {other.started_at:%H:%M:%S}, {other.phase}" if other else "just now"
        raise RebuildRunning(
            f"A rebuild is running already ({at_work}). Wait for it; one that was killed is "
            f"given up {SILENCE.seconds} s after its last sign of life."
        ) from None


class Reporter:
    """Writes progress to the run's row, at most every two seconds, and to the caller's bar."""

    def __init__(self, run: RebuildRun, progress: Progress | None) -> None:
        self._run = run
        self._progress = progress
        self._written = 0.0

    def __call__(self, phase: str, n_done: int, n_total: int) -> None:
        """Raises RebuildRunning when the run was given up and another took its place."""
        if self._progress is not None:
            self._progress(phase, n_done, n_total)
        if monotonic() - self._written < HEARTBEAT_SECONDS and phase == self._run.phase:
            return
        self._written = monotonic()
        self._run.phase, self._run.n_done, self._run.n_documents = phase, n_done, n_total
        alive = RebuildRun.objects.filter(pk=self._run.pk, status=RunStatus.RUNNING).update(
            phase=phase, n_done=n_done, n_documents=n_total, heartbeat_at=timezone.now()
        )
        if not alive:
            raise RebuildRunning("This rebuild was given up, and another took its place.")


def finish_run(run: RebuildRun, status: RunStatus, *, error: str = "") -> None:
    """Close a run, unless somebody closed it before."""
    now = timezone.now()
    RebuildRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(
        status=status,
        finished_at=now,
        heartbeat_at=now,
        error=error[:2000],
        counts=run.counts,
        n_done=F("n_documents") if status == RunStatus.FINISHED else F("n_done"),
    )
    run.refresh_from_db()
