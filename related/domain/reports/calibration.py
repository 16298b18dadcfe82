"""Whether strength tells the truth: learned from earlier decisions, judged on later ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.domain.strength.decisions import Decided, decided_by_slot, join
from related.domain.strength.learning import curves
from related.models import Slot
from related.similarity.calibration import Bin, brier_score, reliability
from related.similarity.intervals import Interval, paired_difference

SHARE_LEARNED_FROM = 0.7
# With fewer on the later side, a table says nothing.
FEWEST_JUDGED = 20


@dataclass(frozen=True, slots=True)
class Calibration:
    """On decisions later than those learned from, of all slots that go by similarity."""

    n_learned: int
    n_judged: int
    base_rate: (
        float  # the share approved among the earlier ones: what one would say knowing no more
    )
    brier: float
    brier_of_base_rate: float
    gain: Interval  # by how much the strength's Brier score is lower
    table: list[Bin]


def calibrate() -> Calibration | None:
    """None while there are too few decisions. What is served is not touched."""
    decided = decided_by_slot(list(Slot.objects.by_similarity()))
    together = join(list(decided.values()))
    if len(together) * (1 - SHARE_LEARNED_FROM) < FEWEST_JUDGED:
        return None
    moment = float(np.quantile(together.seconds, SHARE_LEARNED_FROM))
    earlier = {slot: own.where(own.seconds <= moment) for slot, own in decided.items()}
    later = {slot: own.where(own.seconds > moment) for slot, own in decided.items()}
    learned = curves(earlier)
    chances = np.concatenate([learned[slot].chances(own.scores) for slot, own in later.items()])
    return _judge(chances, join(list(later.values())), join(list(earlier.values())))


def _judge(chances: NDArray[np.float64], later: Decided, earlier: Decided) -> Calibration | None:
    if len(later) < FEWEST_JUDGED:  # most were made at one moment
        return None
    base_rate = float(earlier.approved.mean())
    constant = np.full(len(later), base_rate)
    return Calibration(
        n_learned=len(earlier),
        n_judged=len(later),
        base_rate=base_rate,
        brier=brier_score(chances, later.approved),
        brier_of_base_rate=brier_score(constant, later.approved),
        gain=paired_difference((constant - later.approved) ** 2, (chances - later.approved) ** 2),
        table=reliability(chances, later.approved),
    )
