"""How many pages each slot fills, day by day."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.models.slots import Slot


class DailyCoverageQuerySet(models.QuerySet["DailyCoverage"]):
    def last_census(self) -> datetime | None:
        """When pages were last counted; None for never."""
        return self.order_by("-day").values_list("measured_at", flat=True).first()


class DailyCoverage(models.Model):
    """The public pages of one section on one day, and what stood in one slot of them.

    Written by the census alone (``domain/reports/census.py``); the last one of a day stays.
    """

    day = models.DateField(_("day"))
    slot = models.ForeignKey(
        Slot, on_delete=models.CASCADE, related_name="+", verbose_name=_("slot"), db_index=False
    )
    section = models.CharField(_("section"), max_length=255, blank=True)
    n_pages = models.PositiveIntegerField(_("pages"))
    n_filled = models.PositiveIntegerField(_("pages with a link"))
    n_empty = models.PositiveIntegerField(_("pages with neither a link nor an offer"))
    measured_at = models.DateTimeField(_("measured at"), default=timezone.now)

    objects = DailyCoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage of a day")
        verbose_name_plural = _("coverage by day")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["day", "slot", "section"], name="related_one_coverage_per_day"
            )
        ]

    def __str__(self) -> str:
        return gettext("coverage of slot %(slot)s, %(day)s") % {
            "slot": self.slot_id,
            "day": self.day,
        }
