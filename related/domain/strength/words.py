"""Strength in words, as conditions on decisions: which scores of which slots are strong."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from related.enums import Strength
from related.models import Slot
from related.similarity.strength import SHIPPED, Curve


def has_strength(strength: Strength, slots: Iterable[Slot]) -> Q:
    """Condition on decisions: the chance of the link's score, by today's curve of its slot.

    Args:
        slots: read ``with_strength()``.
    """
    condition = Q(pk__in=[])
    for slot in slots:
        stored = getattr(slot, "strength_curve", None)
        curve: Curve = SHIPPED if stored is None else stored.curve
        low, high = curve.score_for(strength.least), _end(curve, strength)
        if low is not None:
            own = Q(slot=slot.pk, score__gte=low)
            condition |= own if high is None else own & Q(score__lt=high)
    return condition


def _end(curve: Curve, strength: Strength) -> float | None:
    stronger = [each.least for each in Strength if each.least > strength.least]
    return curve.score_for(min(stronger)) if stronger else None
