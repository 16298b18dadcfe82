"""Messages to the workers, sent by the tasks' names: hints that something is due."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from time import monotonic
from typing import Any

try:
    from celery import current_app, signature
    from kombu.exceptions import OperationalError
except ImportError:
    celery_app: Any = None  # the extra `celery`: without it the polling loop finds all work
else:
    celery_app = current_app

from related.enums import Priority

logger = logging.getLogger(__name__)

# What the workers know the tasks by; tasks.py says what each does.
PROCESS_DOCUMENTS = "related.tasks.process_documents"
PROCESS_DUE = "related.tasks.process_due"
REBUILD = "related.tasks.rebuild"
WORK_ON_REBUILD = "related.tasks.work_on_rebuild"
WORK_IN_BULK = "related.tasks.work_in_bulk"
TASKS = (PROCESS_DOCUMENTS, PROCESS_DUE, REBUILD, WORK_ON_REBUILD, WORK_IN_BULK)

# How many workers a rebuild calls for help. One that finds nothing to do is soon done.
HELPERS = 16


class Pause:
    """The time after a failure in which nothing is sent."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._until = -math.inf

    def begin(self) -> None:
        self._until = self._clock() + self._seconds

    def is_on(self) -> bool:
        return self._clock() < self._until


# An editor's action may save many articles: a silent broker makes only the first of them wait.
broker_pause = Pause(seconds=5)


def has_broker() -> bool:
    """Whether messages are sent: what counts is the Celery application of this process, however
    it was configured."""
    return celery_app is not None and bool(celery_app.conf.broker_write_url)


def wake_up(document_ids: list[int], priority: Priority, pause: Pause = broker_pause) -> None:
    """Tell the workers that documents are due. Without a broker the polling loop finds them."""
    if priority == Priority.PUBLISH:
        send_hint(PROCESS_DOCUMENTS, document_ids, pause=pause)
    else:
        send_hint(PROCESS_DUE, pause=pause)


def call_helpers(pause: Pause = broker_pause) -> None:
    """Ask the workers of all hosts to take blocks of the running rebuild."""
    for _ in range(HELPERS):
        send_hint(WORK_ON_REBUILD, pause=pause)


def call_for_bulk(operation_id: str, pause: Pause = broker_pause) -> None:
    """Have a worker change the links of an operation in bulk."""
    send_hint(WORK_IN_BULK, operation_id, pause=pause)


def send_hint(task: str, *args: object, pause: Pause = broker_pause) -> None:
    """Send a task by its name. Where that fails, the sweeper will find the work."""
    if not has_broker() or pause.is_on():
        return
    try:
        signature(task, args=args).delay()
    except OperationalError as error:
        pause.begin()
        logger.warning(
            "workers not woken, the sweeper will find the work",
            extra={"task": task, "reason": str(error)},
        )
