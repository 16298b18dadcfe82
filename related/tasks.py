"""Celery tasks: ids in, one domain call. The database holds the work; a message is only a hint."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from related.domain.attention.states import has_due, refresh_due
from related.domain.indexing import processing
from related.domain.operations.running import work_on
from related.domain.rebuilds import rebuilding, runs
from related.domain.reports.census import is_census_due
from related.domain.strength.learning import learn_strength
from related.domain.transactions import with_fresh_connections
from related.enums import Priority
from related.wakeups import (
    PROCESS_DOCUMENTS,
    PROCESS_DUE,
    REBUILD,
    WORK_IN_BULK,
    WORK_ON_REBUILD,
    call_helpers,
)

# Well below the time limits of tasks; a worker that is asked to stop has not long to wait.
SECONDS_AT_A_TIME = 60
# Pages whose state is computed again with every publish, while many are due.
FEW_PAGES = 20


@shared_task(name=PROCESS_DOCUMENTS, ignore_result=True)
def process_documents(document_ids: list[int]) -> None:
    """Process these documents, as far as they are still due, and publishes whose messages were
    lost; queue ``publish``."""
    with with_fresh_connections():
        processing.process(document_ids=document_ids)
        # A few with every message: all workers share what piled up, not the sweeper alone.
        processing.process(priority=Priority.PUBLISH, limit=processing.STORED_AT_ONCE)
        if has_due():
            refresh_due(FEW_PAGES)
        is_bulk_due = rebuilding.is_due() or is_census_due()
    if is_bulk_due:
        process_due.delay()


@shared_task(name=PROCESS_DUE, ignore_result=True)
def process_due() -> None:
    """Process what is due, then come again while more waits; queue ``bulk``."""
    with with_fresh_connections():
        is_rebuild = rebuilding.is_due()
        is_more = not is_rebuild and rebuilding.process_once(seconds=SECONDS_AT_A_TIME) > 0
    if is_rebuild:
        rebuild.delay(only_due=True)
    elif is_more:
        process_due.delay()


@shared_task(name=REBUILD, ignore_result=True)
def rebuild(only_due: bool = False, cold: bool = False) -> None:  # noqa: FBT001, FBT002
    """Start a rebuild, unless one is running, and call for workers; then learn from what editors
    decided; queue ``bulk``, nightly."""
    with with_fresh_connections():
        try:
            rebuilding.start(only_due=only_due, cold=cold)
            is_started = True
        except runs.RebuildRunning:
            is_started = False
    if is_started:
        call_helpers()
        process_due.delay()
    if not only_due:
        with with_fresh_connections():
            learn_strength()


@shared_task(name=WORK_ON_REBUILD, ignore_result=True)
def work_on_rebuild() -> None:
    """Take blocks of the running rebuild, in turns with other bulk work, then have the pages
    looked at that it left due; queue ``bulk``."""
    with with_fresh_connections():
        run = runs.running()
        goes_on = run is not None and rebuilding.work(run, seconds=SECONDS_AT_A_TIME)
        leaves_pages = not goes_on and has_due()
    if goes_on:
        work_on_rebuild.delay()
    elif leaves_pages:
        process_due.delay()


@shared_task(name=WORK_IN_BULK, ignore_result=True)
def work_in_bulk(operation_id: str) -> None:
    """Change links of an operation in bulk, then come again while some are left; queue ``bulk``."""
    with with_fresh_connections():
        is_more = work_on(UUID(operation_id), seconds=SECONDS_AT_A_TIME)
    if is_more:
        work_in_bulk.delay(operation_id)
