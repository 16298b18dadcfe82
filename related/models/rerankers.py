"""What decisions taught about the order of suggestions, if an operator switched it on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.similarity.learned_order import LearnedOrder


class Reranker(models.Model):
    """A learned correction of the score: one row, for all slots and languages.

    Written by learning alone, and used only where it is switched on.
    """

    only = models.BooleanField(primary_key=True, default=True, editable=False)
    trees = models.JSONField(_("trees"))  # as LearnedOrder.as_json gives them
    n_decisions = models.PositiveIntegerField(_("decisions"))
    n_reviewed = models.PositiveIntegerField(_("reviewed articles"))
    gain = models.JSONField(_("gain"))  # in nDCG@10 on later decisions: mean, low, high
    is_on = models.BooleanField(_("switched on"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1)  # +1 with every training
    trained_at = models.DateTimeField(_("learned at"), default=timezone.now)

    class Meta:
        verbose_name = _("learned order")
        verbose_name_plural = _("learned orders")
        constraints = [
            models.CheckConstraint(condition=models.Q(only=True), name="related_one_reranker")
        ]

    def __str__(self) -> str:
        return gettext("learned order, version %(version)d") % {"version": self.version}

    @classmethod
    def switched_on(cls) -> LearnedOrder | None:
        """None where nothing was learned, or it is off."""
        trees: dict[str, Any] | None = (
            cls.objects.filter(is_on=True).values_list("trees", flat=True).first()
        )
        return None if trees is None else LearnedOrder.from_json(trees)
