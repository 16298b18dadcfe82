"""Full rebuild: fresh statistics and, beside the served set, a new generation of everything.

Any number of workers on any hosts share one: see ``blocks`` for how the work is cut and claimed,
``phases`` for what is done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from related.domain.attention.states import refresh_due
from related.domain.attention.vanished import watch
from related.domain.corpus.memory import CorpusTooLarge
from related.domain.documents.marking import reconcile_rows
from related.domain.indexing import processing
from related.domain.leases import at_work, releasing_on_database_error
from related.domain.operations.running import carry_on
from related.domain.policies.archive import work_on_archive
from related.domain.rebuilds import runs, workspace
from related.domain.rebuilds.blocks import (
    BlockLost,
    backlog,
    open_first,
    progress_of,
    wants_rebuild,
)
from related.domain.rebuilds.phases import run_block
from related.domain.rebuilds.switching import discard
from related.domain.reports.census import take_census_if_due
from related.enums import Priority, RunStatus
from related.models import Corpus, RebuildBlock, RebuildRun, Worker
from related.similarity.warm_up import warm_up

logger = logging.getLogger(__name__)

# Fewer waiting documents than this are processed one by one, however small the corpus.
MIN_BACKLOG = 200
# More than this share of a corpus is left to a rebuild, which takes some 4 ms for each document of
# it; one by one, what waits takes 20 ms each at a few thousand documents and 90 at 100,000.
LARGE_BACKLOG = 0.1
PAUSE_AFTER_FAILURE = timedelta(minutes=1)
SECONDS_BETWEEN_LOOKS = 0.2
# Documents processed after each block of a corpus, so that an import goes on during a rebuild.
FEW_MEANWHILE = 10
SECONDS_IN_BULK = 2.0  # then publishes get their turn

Between = Callable[[], int]


def rebuild(
    progress: runs.Progress | None = None,
    *,
    between: Between = lambda: 0,
    started: Callable[[], None] = lambda: None,
    **asked: Any,
) -> RebuildRun:
    """Rebuild every corpus, alone or together with the workers that come to help.

    The old set is served until the new one is switched in. A run that was stopped, or whose
    workers all died, is resumed.

    Args:
        progress: told about every step, those of other workers included.
        between: called between blocks, for example to process fresh publishes; returns how many
            it processed.
        started: called once there are blocks to take, for example to call other workers.
        asked: as for ``start_run``.

    Raises:
        RebuildRunning: another rebuild is at work, or took the place of this one.
    """
    while between():
        pass
    run = start(**asked)
    try:
        started()
        work(run, progress, between=between)
    except BaseException as error:
        if not isinstance(error, Exception):  # Ctrl-C
            runs.finish_run(run, RunStatus.STOPPED)
        raise
    run.refresh_from_db()
    if run.status == RunStatus.FAILED:
        message = _("This rebuild was given up: %(error)s")
        raise runs.RebuildRunning(message % {"error": run.error})
    logger.info("rebuild ended", extra={"run": run.pk, "status": run.status, **run.counts})
    return run


def start(**asked: Any) -> RebuildRun:
    """Open a run and its first blocks, for workers to come; or resume one that was left.

    Args:
        asked: as for ``start_run``.

    Raises:
        RebuildRunning: another run is alive.
    """
    run = runs.start_run(**asked)
    if run.blocks.exists():
        return run
    try:
        Worker.objects.dead().delete()
        with at_work() as worker:
            RebuildRun.objects.filter(pk=run.pk).update(worker_id=worker.pk)
            _prepare(run)
    except BaseException as error:
        runs.finish_run(run, RunStatus.FAILED, error=f"{type(error).__name__}: {error}")
        raise
    return run


def _prepare(run: RebuildRun) -> None:
    """Clear away what a run that was given up left, and open the first blocks."""
    for corpus in Corpus.objects.all():
        discard(corpus, newer_than=corpus.generation)
    if not run.options["only_due"]:
        n_created, n_gone = reconcile_rows()
        run.counts |= {"n_created": n_created, "n_gone": n_gone}
    run.counts |= {"n_changed": 0, "n_failed": 0, "n_corpora": 0, "n_documents": 0}
    open_first(run)


def work(
    run: RebuildRun,
    progress: runs.Progress | None = None,
    *,
    between: Between = lambda: 0,
    seconds: float | None = None,
) -> bool:
    """Do blocks of a run until it ends, beside any number of other workers.

    After each block of a corpus a few of what else waits in bulk are processed as well.

    Args:
        seconds: take no further block after this time.

    Returns:
        Whether the run still goes on.

    Raises:
        EngineUnavailable: this process cannot compare texts; no block was claimed.
    """
    warm_up()  # first: what fails here is no block's fault
    started = monotonic()
    while _is_running(run):
        if seconds is not None and monotonic() - started > seconds:
            return True
        block = _do_next_block(run)
        if block is not None:
            if progress is not None:
                progress(block.phase_name, *progress_of(block))
            between()
            if block.corpus_id is not None:  # else the run itself processes what waits
                processing.process(priority=Priority.BULK, limit=FEW_MEANWHILE)
        else:
            if progress is not None:
                run.refresh_from_db()
                progress(run.phase_name, run.n_done, run.n_documents)
            if not between():
                sleep(SECONDS_BETWEEN_LOOKS)
    workspace.clear()
    return False


def _do_next_block(run: RebuildRun) -> RebuildBlock | None:
    """Claim a block and do it; None where all are done, in other workers' hands, or to wait."""
    runs.free_dead()
    blocks = RebuildBlock.objects.filter(run=run)
    if not blocks.claimable().exists():
        return None
    with at_work() as worker:
        for block in blocks.claim(worker, limit=1):
            with releasing_on_database_error([block]):
                _try(block)
            return block
    return None


def _try(block: RebuildBlock) -> None:
    """Do a block; what fails may be tried again, by this worker or another, a few times."""
    try:
        run_block(block)
        logger.info("block done", extra={"block": str(block), "run": block.run_id})
    except BlockLost as lost:
        logger.warning("block lost", extra={"block": str(lost)})
    except (OperationalError, InterfaceError):
        raise  # the database, not the block
    except Exception as error:
        workspace.clear()
        block.record_failure(error)
        if block.attempts >= block.max_attempts() or isinstance(error, CorpusTooLarge):
            reason = f"{type(error).__name__}: {error}"
            runs.finish_run(block.run, RunStatus.FAILED, error=reason)
            raise
        logger.exception("block failed", extra={"block": str(block)})


def process_once(*, between: Between = lambda: 0, seconds: float | None = None) -> int:
    """One step of a worker: blocks of a rebuild where one is at work or due, else a batch.

    Returns:
        How many steps it did; 0 means that nothing is due.
    """
    if can_help() or is_due():
        try:
            run = runs.running() if can_help() else start(only_due=True)
        except runs.RebuildRunning:
            run = None
        if run is not None:
            work(run, between=between, seconds=seconds)
            return 1
    return (
        processing.process()
        or carry_on(seconds=SECONDS_IN_BULK)
        or refresh_due()
        or work_on_archive()
        or watch.look()
        or int(take_census_if_due())
    )


def process_publishes() -> int:
    """For ``between`` in a process that works alone: fresh publishes do not wait for a rebuild."""
    return processing.process(priority=Priority.PUBLISH)


def can_help() -> bool:
    """Whether a rebuild is at work that has a block to spare."""
    runs.free_dead()
    return RebuildBlock.objects.claimable().exists()


def is_due(min_backlog: int = MIN_BACKLOG, large_backlog: float = LARGE_BACKLOG) -> bool:
    """Whether statistics are out of date, or so much is waiting that a rebuild is quicker: more
    than ``min_backlog`` documents, and more than the share ``large_backlog`` of the corpora.
    """
    latest = RebuildRun.objects.first()
    if latest is not None:
        if latest.status == RunStatus.RUNNING:
            if runs.is_alive(latest):
                return False
        elif latest.status == RunStatus.FAILED:
            lately = Now() - PAUSE_AFTER_FAILURE
            if RebuildRun.objects.filter(pk=latest.pk, finished_at__gt=lately).exists():
                return False
    corpora = list(Corpus.objects.all())
    n_documents = sum(corpus.n_documents for corpus in corpora)
    if backlog().count() > max(min_backlog, large_backlog * n_documents):
        return True
    return any(wants_rebuild(corpus) for corpus in corpora)


def _is_running(run: RebuildRun) -> bool:
    return RebuildRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).exists()
