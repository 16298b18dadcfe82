"""Celery tasks: ids in, one domain call. The database holds the work; a message is only a hint."""

from __future__ import annotations

import logging
from time import monotonic

from celery import shared_task
from kombu.exceptions import OperationalError

from related.conf import conf
from related.domain import indexing, rebuilding
from related.domain.connections import with_fresh_connections
from related.enums import Priority

logger = logging.getLogger(__name__)

# An editor's action may save many articles: a silent broker makes only the first of them wait.
PAUSE_AFTER_FAILURE = 5.0  # seconds

_paused_until = 0.0


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


@shared_task(name="related.tasks.process_documents", ignore_result=True)
def process_documents(document_ids: list[int]) -> None:
    """Work off these documents, as far as they are still due; queue ``publish``."""
    with with_fresh_connections():
        indexing.process(document_ids=document_ids)
        needs_refresh = rebuilding.is_due()
    if needs_refresh:
        process_due.delay()


@shared_task(name="related.tasks.process_due", ignore_result=True)
def process_due() -> None:
    """Work off one batch of what is due, then come again while more waits; queue ``bulk``."""
    with with_fresh_connections():
        is_more = rebuilding.process_once() > 0
    if is_more:
        process_due.delay()


@shared_task(name="related.tasks.rebuild", ignore_result=True)
def rebuild() -> None:
    """Full rebuild, unless one is running; queue ``bulk``, nightly through beat."""
    with with_fresh_connections():
        rebuilding.rebuild_if_free()
