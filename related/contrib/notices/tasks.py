"""The Celery task: one receiver by its name; the database holds what it is to be told."""

from __future__ import annotations

from celery import shared_task

from related.contrib.notices import sending
from related.contrib.notices.noting import SEND_NOTICES
from related.domain.transactions import with_fresh_connections


@shared_task(name=SEND_NOTICES, ignore_result=True)
def send_notices(name: str) -> None:
    """Tell a receiver what waits for it; queue ``publish``."""
    with with_fresh_connections():
        sending.send_notices(name)
