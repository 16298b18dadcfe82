"""Learns the strength curve of each slot from decisions, and stores it as plain numbers."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from related.domain.attention.states import mark_due
from related.domain.strength.decisions import Decided, decided_by_slot, join
from related.domain.transactions import after_commit, announce_everything
from related.models import Slot, StrengthCurve
from related.similarity.strength import Curve, learn_curve

logger = logging.getLogger(__name__)


def learn_strength() -> list[StrengthCurve]:
    """Learn the curves of all slots that go by similarity; returns them, changed or not.

    Curves that come out as before keep their version, so nobody's cache is emptied for them. Where
    one changed, other links are strong enough to ask an editor: workers look at all pages again.
    """
    slots = list(Slot.objects.by_similarity())
    decided = decided_by_slot(slots)
    n_of_all = sum(map(len, decided.values()))
    learned = curves(decided)
    with transaction.atomic():
        stored = {
            row.slot_id: row
            for row in StrengthCurve.objects.select_for_update(no_key=True).filter(slot__in=slots)
        }
        changed = [slot for slot in slots if not _is_stored(stored.get(slot.pk), learned[slot.pk])]
        for slot in changed:
            values = {
                "points": list(learned[slot.pk].points),
                "n_decisions": len(decided[slot.pk]),
                "n_of_all_slots": n_of_all,
                "trained_at": timezone.now(),
            }
            StrengthCurve.objects.update_or_create(
                slot=slot,
                defaults=values | {"version": F("version") + 1},
                create_defaults=values,
            )
        if changed:
            after_commit(mark_due)
            announce_everything()
    logger.info("strength learned", extra={"decisions": n_of_all, "changed": len(changed)})
    return list(StrengthCurve.objects.filter(slot__in=slots).select_related("slot"))


def curves(decided: dict[int, Decided]) -> dict[int, Curve]:
    """A curve for each slot, shrunk towards that of all slots together, and that towards the one
    that is shipped.
    """
    of_all = learned_from(list(decided.values()))
    return {
        slot_id: learn_curve(own.scores, own.approved, of_all) for slot_id, own in decided.items()
    }


def learned_from(decided: Sequence[Decided]) -> Curve:
    together = join(decided)
    return learn_curve(together.scores, together.approved)


def _is_stored(row: StrengthCurve | None, curve: Curve) -> bool:
    return row is not None and np.array_equal(row.points, curve.points)
