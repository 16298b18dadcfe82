"""The record of a rebuild: one at a time; stopped or orphaned ones are gone on with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from related.enums import RunStatus
from related.models import RebuildBlock, RebuildRun, Slot
from related.models.runs import LEASE

# A run that gave no sign of life for this long lost all of its workers: nobody may hold a block
# for longer.
SILENCE = LEASE
# A stopped run that is older than this is begun anew: too much has changed since.
RESUME_WITHIN = timedelta(hours=12)


class RebuildRunning(Exception):
    """Another rebuild is at work; ``str()`` says since when and how far it is."""


class Progress(Protocol):
    """Told about every step: the phase, how much of it is done, how much there is."""

    def __call__(self, phase: str, n_done: int, n_total: int) -> None: ...


def start_run(*, only_due: bool = False, cold: bool = False) -> RebuildRun:
    """Open a run, or go on with one that was stopped or whose workers all died.

    The database allows one that is running, on any number of machines. A run is gone on with when
    its blocks still belong to the generation after the served one, the slots are as they were and
    nothing else was asked for; ``run.blocks`` is empty in a new one.

    Raises:
        RebuildRunning: another run is alive.
    """
    options = {"only_due": only_due, "cold": cold, "slots": _slots()}
    latest = RebuildRun.objects.first()
    if latest is not None and latest.status in {RunStatus.RUNNING, RunStatus.STOPPED}:
        if latest.status == RunStatus.RUNNING and is_alive(latest):
            raise _running(latest)
        if _covers(latest.options, options) and _can_go_on(latest):
            return _go_on(latest)
        finish_run(
            latest,
            RunStatus.FAILED,
            error=_("Its process ended without a word (killed, or the machine restarted)."),
        )
    try:
        with transaction.atomic():
            run = RebuildRun.objects.create(options=options)
    except IntegrityError:
        raise _running(RebuildRun.objects.filter(status=RunStatus.RUNNING).first()) from None
    # Whoever still works on a block of an older run finds it gone and writes nothing.
    RebuildBlock.objects.exclude(run=run).delete()
    return run


def running() -> RebuildRun | None:
    """The run at work, if there is one."""
    return RebuildRun.objects.filter(status=RunStatus.RUNNING).first()


def is_alive(run: RebuildRun) -> bool:
    """Whether some worker gave a sign of life lately."""
    return run.heartbeat_at >= timezone.now() - SILENCE


def finish_run(run: RebuildRun, status: RunStatus, *, error: str = "") -> None:
    """Close a run, unless somebody closed it before."""
    now = timezone.now()
    RebuildRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(
        status=status, finished_at=now, heartbeat_at=now, error=error[:2000]
    )
    run.refresh_from_db()


def _running(other: RebuildRun | None) -> RebuildRunning:
    names: dict[str, Any] = {"seconds": SILENCE.seconds}
    if other is None:
        message = _(
            "A rebuild has just started. Wait for it, or help it with rebuild_related --join; one "
            "that was killed can be resumed %(seconds)d s after its last heartbeat."
        )
    else:
        names |= {"since": f"{other.started_at:%H:%M:%S}", "phase": other.phase_name}
        message = _(
            "A rebuild is already running (since %(since)s, %(phase)s). Wait for it, or help it "
            "with rebuild_related --join; one that was killed can be resumed %(seconds)d s after "
            "its last heartbeat."
        )
    return RebuildRunning(message % names)


def _covers(options: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether a run that was opened with ``options`` does at least what is asked for now."""
    return (
        options.get("slots") == asked["slots"]
        and (asked["only_due"] or not options["only_due"])
        and (options["cold"] or not asked["cold"])
    )


def _can_go_on(run: RebuildRun) -> bool:
    """Whether there is something left, young enough, for the generation after the served one."""
    blocks = run.blocks.open()
    outdated = blocks.exclude(corpus=None).exclude(generation=F("corpus__generation") + 1)
    is_young = run.started_at > timezone.now() - RESUME_WITHIN
    return is_young and blocks.exists() and not outdated.exists()


def _go_on(run: RebuildRun) -> RebuildRun:
    now = timezone.now()
    seen = RebuildRun.objects.filter(pk=run.pk, status=run.status, heartbeat_at=run.heartbeat_at)
    try:
        with transaction.atomic():
            taken = seen.update(
                status=RunStatus.RUNNING, heartbeat_at=now, finished_at=None, error=""
            )
    except IntegrityError:
        taken = 0
    if not taken:  # another process was quicker
        raise _running(running())
    run.refresh_from_db()
    return run


def _slots() -> list[list[Any]]:
    """The rules that suggestions are made by; a run must not mix two sets of them."""
    fields = [f.name for f in Slot._meta.concrete_fields if f.name not in {"heading", "position"}]
    return [list(row) for row in Slot.objects.order_by("pk").values_list(*fields)]
