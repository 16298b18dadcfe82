"""What all pages say together, counted now and then: coverage by slot and section, and orphans."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db.models.functions import Now
from django.utils import timezone

from related.domain.attention.orphans import mark_orphans
from related.domain.attention.states import has_due
from related.domain.clocks import database_now
from related.domain.reports.coverage import measure_coverage
from related.models import DailyCoverage, Slot

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
KEPT = timedelta(days=400)


def is_census_due() -> bool:
    """Whether the last one is an hour old, and nothing waits that would change it at once."""
    if DailyCoverage.objects.filter(measured_at__gt=Now() - EVERY).exists():
        return False
    return not has_due() and Slot.objects.active().by_similarity().exists()


def take_census() -> None:
    """Mark the pages that nothing links to, and write down what each slot fills today.

    Of a day the last census stays. Two at a time come to the same.
    """
    n_orphans = mark_orphans()
    now = database_now()
    today = timezone.localdate(now)
    coverage = measure_coverage()
    rows = [
        DailyCoverage(
            day=today,
            slot=each.slot,
            section=each.section,
            n_pages=each.n_pages,
            n_filled=each.n_filled,
            n_empty=each.n_empty,
            measured_at=now,
        )
        for each in coverage
    ]
    DailyCoverage.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day", "slot", "section"],
        update_fields=["n_pages", "n_filled", "n_empty", "measured_at"],
    )
    # A section that lost its last page today, and what is too old for any chart.
    DailyCoverage.objects.filter(day=today, measured_at__lt=now).delete()
    DailyCoverage.objects.filter(day__lt=today - KEPT).delete()
    logger.info("census taken", extra={"orphans": n_orphans, "rows": len(rows)})


def take_census_if_due() -> bool:
    """Returns whether it was."""
    is_due = is_census_due()
    if is_due:
        take_census()
    return is_due
