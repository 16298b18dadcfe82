"""For Celery's beat, once a night."""

from __future__ import annotations

from celery import shared_task

from related.contrib.clicks.tidying import tidy
from related.domain.transactions import with_fresh_connections


@shared_task(name="related.contrib.clicks.tasks.tidy_clicks", ignore_result=True)
def tidy_clicks() -> None:
    """Fold old days away and find what readers pass by; queue ``bulk``."""
    with with_fresh_connections():
        tidy()
