"""What is done with the counts once a night."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from related.contrib.clicks.conf import conf
from related.contrib.clicks.models import DailyClicks
from related.contrib.clicks.passed import find_passed

logger = logging.getLogger(__name__)


def tidy() -> tuple[int, int]:
    """Delete what is older than ``KEEP_DAYS``, link by link; the sums by slot, place and strength
    stay. Then find what readers pass by.

    Returns:
        How many rows were deleted, and how many links readers pass by.
    """
    first = timezone.localdate() - timedelta(days=conf.keep_days)
    n_deleted = 0
    old = DailyClicks.objects.filter(day__lt=first)
    for day in old.order_by("day").values_list("day", flat=True).distinct():
        n_deleted += DailyClicks.objects.filter(day=day).delete()[0]  # a day at a time
    n_passed = find_passed()
    logger.info("clicks tidied", extra={"n_deleted": n_deleted, "n_passed": n_passed})
    return n_deleted, n_passed
