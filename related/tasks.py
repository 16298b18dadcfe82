"""Celery tasks: ids in, one domain call. The database holds the work; a message is only a hint."""

from __future__ import annotations

import logging
from time import monotonic

from celery import shared_task
from kombu.exceptions import OperationalError

from related.conf import conf
from related.domain.indexing import processing
from related.domain.rebuilds import rebuilding, runs
from related.domain.transactions import with_fresh_connections
from related.enums import Priority

logger = logging.getLogger(__name__)

# An editor's action may save many articles: a silent broker makes only the first of them wait.
PAUSE_AFTER_FAILURE = 5.0  # seconds

_paused_until = 0.0
# How many workers a rebuild calls for help. One that finds nothing to do is soon done.
HELPERS = 16
# Well below the time limits of tasks; a worker that is asked to stop has not long to wait.
SECONDS_AT_A_TIME = 60


def wake_up(document_ids: list[int], priority: Priority) -> None:
    """Tell the workers that something is due. Without a broker the polling loop finds it."""
    global _paused_until  # noqa: PLW0603 - one broker per process
    if not conf.has_broker or monotonic() < _paused_until:
        return
    try:
        if priority == Priority.PUBLISH:
            process_documents.delay(document_ids)
        else:
            process_due.delay()
    except OperationalError as error:
        _paused_until = monotonic() + PAUSE_AFTER_FAILURE
        logger.warning(
            "workers not woken, the sweeper will find the work",
            extra={"reason": str(error), "n_documents": len(document_ids)},
        )


def call_helpers() -> None:
    """Ask the workers of all hosts to take blocks of the rebuild that is at work."""
    if conf.has_broker:
        for _ in range(HELPERS):
            work_on_rebuild.delay()


@shared_task(name="related.tasks.process_documents", ignore_result=True)
def process_documents(document_ids: list[int]) -> None:
    """Work off these documents, as far as they are still due, and publishes whose messages were
    lost; queue ``publish``."""
    with with_fresh_connections():
        processing.process(document_ids=document_ids)
        # A few with every message: so all workers share what piled up, and not the sweeper alone.
        processing.process(priority=Priority.PUBLISH, limit=processing.STORED_AT_ONCE)
        needs_refresh = rebuilding.is_due()
    if needs_refresh:
        process_due.delay()


@shared_task(name="related.tasks.process_due", ignore_result=True)
def process_due() -> None:
    """Work off what is due, then come again while more waits; queue ``bulk``."""
    with with_fresh_connections():
        is_rebuild = rebuilding.is_due()
        is_more = not is_rebuild and rebuilding.process_once(seconds=SECONDS_AT_A_TIME) > 0
    if is_rebuild:
        rebuild.delay(only_due=True)
    elif is_more:
        process_due.delay()


@shared_task(name="related.tasks.rebuild", ignore_result=True)
def rebuild(only_due: bool = False, cold: bool = False) -> None:  # noqa: FBT001, FBT002
    """Start a rebuild, unless one is running, and call for workers; queue ``bulk``, nightly."""
    with with_fresh_connections():
        try:
            rebuilding.start(only_due=only_due, cold=cold)
        except runs.RebuildRunning:
            return
    call_helpers()
    process_due.delay()


@shared_task(name="related.tasks.work_on_rebuild", ignore_result=True)
def work_on_rebuild() -> None:
    """Take blocks of the rebuild at work, in turns with other bulk work; queue ``bulk``."""
    with with_fresh_connections():
        run = runs.running()
        goes_on = run is not None and rebuilding.work(run, seconds=SECONDS_AT_A_TIME)
    if goes_on:
        work_on_rebuild.delay()
