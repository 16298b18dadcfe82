"""What decisions say about the scores of a slot."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.models.slots import Slot
from related.similarity.strength import Curve


class StrengthCurve(models.Model):
    """How likely a slot's suggestion of a score is approved. Written by learning alone."""

    slot = models.OneToOneField(
        Slot,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="strength_curve",
        verbose_name=_("slot"),
    )
    points = models.JSONField(_("points"))  # chances at evenly spaced scores from 0 to 1
    n_decisions = models.PositiveIntegerField(_("decisions"))  # of the slot, learned from
    # Decisions of all slots, which stand in while the slot has few of its own.
    n_of_all_slots = models.PositiveIntegerField(_("decisions of all slots"))
    version = models.PositiveIntegerField(_("version"), default=1)  # +1 whenever the curve changes
    trained_at = models.DateTimeField(_("learned at"), default=timezone.now)

    class Meta:
        verbose_name = _("strength curve")
        verbose_name_plural = _("strength curves")

    def __str__(self) -> str:
        return gettext("strength in slot %(slot)s, version %(version)d") % {
            "slot": self.slot_id,
            "version": self.version,
        }

    @property
    def curve(self) -> Curve:
        return Curve(tuple(self.points))
