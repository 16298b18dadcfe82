"""Counts of what readers saw and followed. Nothing here says who they were."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from related.enums import Strength
from related.models import Document, Slot


class DailyClicks(models.Model):
    """One link on one page on one day. Deleted after ``KEEP_DAYS``; ``ClickSum`` stays."""

    day = models.DateField(_("day"))
    document = models.ForeignKey(
        Document, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField(_("place"))  # from 1, in the slot
    target = models.ForeignKey(
        Document, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    # "" where no trial ran, else the trial's id and which of its variants: "12a", "12b".
    variant = models.CharField(_("variant"), max_length=24, blank=True)
    strength = models.CharField(_("strength"), max_length=10, choices=Strength, blank=True)
    shown = models.PositiveIntegerField(_("shown"), default=0)
    clicked = models.PositiveIntegerField(_("clicked"), default=0)

    objects: models.Manager[DailyClicks] = models.Manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("clicks of a day")
        verbose_name_plural = _("clicks of days")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "slot", "target", "place", "day", "variant"],
                name="related_clicks_one_row",
            )
        ]
        indexes = [
            models.Index(fields=["day"], name="related_clicks_day"),
            models.Index(
                fields=["variant"], condition=~Q(variant=""), name="related_clicks_variant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.document_id} {self.slot_id} {self.place} {self.target_id}"


class ClickSum(models.Model):
    """All links of one strength at one place of a slot on one day: a few rows a day, kept."""

    day = models.DateField(_("day"))
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField(_("place"))
    strength = models.CharField(_("strength"), max_length=10, choices=Strength, blank=True)
    shown = models.PositiveBigIntegerField(_("shown"), default=0)
    clicked = models.PositiveBigIntegerField(_("clicked"), default=0)

    objects: models.Manager[ClickSum] = models.Manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("click-through")
        verbose_name_plural = _("click-through")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "slot", "place", "strength"], name="related_clicks_one_sum"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.slot_id} {self.place} {self.strength}"


class PassedLink(models.Model):
    """A link that was shown often and hardly ever clicked; found anew each night."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="+", db_constraint=False)
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+", db_index=False)
    target = models.ForeignKey(
        Document, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    shown = models.PositiveIntegerField(_("shown"))
    clicked = models.PositiveIntegerField(_("clicked"))

    objects: models.Manager[PassedLink] = models.Manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("link that readers pass by")
        verbose_name_plural = _("links that readers pass by")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "slot", "target"], name="related_clicks_one_passed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.slot_id} {self.target_id}"


class Trial(models.Model):
    """A slot in two variants: A as it is, B with another heading or number of links."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+", verbose_name=_("slot"))
    heading = models.CharField(_("heading of B"), max_length=120, blank=True)
    count = models.PositiveSmallIntegerField(
        _("how many in B"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("started by"),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    kept = models.CharField(_("kept"), max_length=1, blank=True, editable=False)  # "a" or "b"
    # What was seen until it ended, as ``judging.Outcome`` has it: days are not kept for ever.
    outcome = models.JSONField(null=True, editable=False)

    objects: models.Manager[Trial] = models.Manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(ended_at=None), name="related_clicks_one_trial"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slot} ({self.pk})"

    def variant(self, *, is_b: bool) -> str:
        """How the rows of a variant are marked."""
        return f"{self.pk}{'b' if is_b else 'a'}"
