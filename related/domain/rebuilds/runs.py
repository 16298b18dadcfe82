"""The record of a rebuild: one at a time; stopped and orphaned ones are resumed."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Protocol

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from related.conf import conf
from related.domain.rebuilds.blocks import SIZES, SMALL
from related.enums import RunStatus
from related.models import RebuildBlock, RebuildRun, Reranker, Slot, Worker
from related.models.leases import silence_began

logger = logging.getLogger(__name__)

# A stopped run that is older than this is not resumed: too much has changed since.
RESUME_WITHIN = timedelta(hours=12)


class RebuildRunning(Exception):
    """Another rebuild is at work; ``str()`` says since when and how far it is."""


class Progress(Protocol):
    """Told about every step: the phase, how much of it is done, how much there is."""

    def __call__(self, phase: str, n_done: int, n_total: int) -> None: ...


def start_run(
    *,
    only_due: bool = False,
    cold: bool = False,
    sizes: dict[str, int] = SIZES,
    small: int = SMALL,
) -> RebuildRun:
    """Open a run, or resume one that was stopped or whose workers all died.

    The database allows one that is running, on any number of machines. A run is resumed when
    its blocks still belong to the generation after the served one, the slots are as they were and
    nothing else was asked for; ``run.blocks`` is empty in a new one.

    Args:
        only_due: skip the comparison with the site's own rows, and corpora that need no refresh.
        cold: search all neighbors from scratch, also where rescoring the stored ones would do.
        sizes: documents per block, by phase.
        small: search a corpus of fewer documents than this from scratch every time.

    Raises:
        RebuildRunning: another run is alive.
    """
    options = {"only_due": only_due, "cold": cold, "sizes": sizes, "small": small}
    options["slots"] = _slots()
    free_dead()
    latest = RebuildRun.objects.first()
    if latest is not None and latest.status in {RunStatus.RUNNING, RunStatus.STOPPED}:
        if latest.status == RunStatus.RUNNING and is_alive(latest):
            raise _running(latest)
        if _covers(latest.options, options) and _can_resume(latest):
            return _resume(latest)
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
    # A worker still busy with a block of an older run finds it gone and writes nothing.
    RebuildBlock.objects.exclude(run=run).delete()
    return run


def running() -> RebuildRun | None:
    """The run at work, if there is one."""
    return RebuildRun.objects.filter(status=RunStatus.RUNNING).first()


def is_alive(run: RebuildRun) -> bool:
    """Whether some progress was made lately, or a living worker has the run or a block in hand."""
    is_of_run = Q(pk=run.worker_id) | Q(pk__in=run.blocks.open().values("worker_id"))
    return not _stood_still(run).exists() or Worker.objects.alive().filter(is_of_run).exists()


def _stood_still(run: RebuildRun) -> QuerySet[RebuildRun]:
    """The run, if nothing of it was completed for as long as it takes to notice a dead worker."""
    return RebuildRun.objects.filter(pk=run.pk, progressed_at__lt=silence_began())


def free_dead() -> None:
    """Free the blocks of dead workers; one that killed too many of them fails the run at work."""
    for block in RebuildBlock.objects.free_dead():
        logger.error("worker died", extra={"block": str(block), "run": block.run_id})
    deadly = RebuildBlock.objects.open().filter(RebuildBlock.tried_enough())
    for block in deadly.filter(run__status=RunStatus.RUNNING).select_related("run"):
        error = block.error or f"{block}: {block.attempts} workers died of it."
        finish_run(block.run, RunStatus.FAILED, error=error)


def finish_run(run: RebuildRun, status: RunStatus, *, error: str = "") -> None:
    """Close a run, unless somebody closed it before."""
    RebuildRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(
        status=status, finished_at=Now(), error=error[:2000]
    )
    run.refresh_from_db()


def _running(other: RebuildRun | None) -> RebuildRunning:
    names: dict[str, Any] = {"seconds": conf.silence_seconds}
    if other is None:
        message = _(
            "A rebuild has just started. Wait for it, or help it with rebuild_related --join; one "
            "that was killed can be resumed %(seconds)d s after the last heartbeat of its workers."
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


def _can_resume(run: RebuildRun) -> bool:
    """Whether there is something left, young enough, for the generation after the served one."""
    blocks = run.blocks.open()
    outdated = blocks.exclude(corpus=None).exclude(generation=F("corpus__generation") + 1)
    young = RebuildRun.objects.filter(pk=run.pk, started_at__gt=Now() - RESUME_WITHIN)
    return young.exists() and blocks.exists() and not outdated.exists()


def _resume(run: RebuildRun) -> RebuildRun:
    runs = _stood_still(run) if run.status == RunStatus.RUNNING else RebuildRun.objects.all()
    try:
        with transaction.atomic():
            taken = runs.filter(pk=run.pk, status=run.status).update(
                status=RunStatus.RUNNING, progressed_at=Now(), finished_at=None, error=""
            )
    except IntegrityError:
        taken = 0
    if not taken:  # another process was quicker
        raise _running(running())
    run.refresh_from_db()
    return run


def _slots() -> list[list[Any]]:
    """The rules that suggestions are made by; a run must not mix two sets of them."""
    slots = Slot.objects.active().by_similarity().order_by("pk")
    rules = [list(row) for row in slots.values_list("pk", *Slot.COMPUTED_FIELDS)]
    return [*rules, list(Reranker.objects.filter(is_on=True).values_list("version", flat=True))]
