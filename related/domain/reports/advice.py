"""Which settings of a slot to try: chosen on earlier links, confirmed on later ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from related.domain.reports.measures import Measures
from related.domain.reports.rule_settings import AS_IT_IS, MINIMUM, TIME, Setting
from related.models import Slot
from related.similarity.intervals import Interval

# So much nDCG may a higher minimum cost: what it takes away is rarely what an editor would link.
COST_OF_MINIMUM = 0.005


@dataclass(frozen=True, slots=True)
class Advice:
    """A setting, and what it does on links that it was not chosen on."""

    setting: Setting
    gain: Interval  # in nDCG@10
    n_offered: float  # suggestions of an article, on average
    n_offered_now: float


def advise(
    slot: Slot, earlier: Mapping[str, Measures], later: Mapping[str, Measures]
) -> list[Advice]:
    """At most one for closeness in time and one for the minimum score; none where nothing is
    better beyond chance. The weight of titles is no setting of a slot, so none is advised."""
    if not len(earlier[AS_IT_IS.name].ndcg_at_10):
        return []
    now = later[AS_IT_IS.name]

    def advice(setting: Setting) -> Advice:
        measures = later[setting.name]
        return Advice(setting, measures.gain_over(now), measures.n_offered, now.n_offered)

    found = []
    by_time = advice(max(TIME, key=lambda s: _mean(earlier[s.name])))
    if by_time.gain.is_above_zero:
        found.append(by_time)
    best = max(_mean(earlier[setting.name]) for setting in MINIMUM)
    cheap = [s for s in MINIMUM if _mean(earlier[s.name]) >= best - COST_OF_MINIMUM]
    minimum = advice(cheap[-1])
    is_higher = cheap[-1].fields["minimum_score"] > slot.minimum_score
    if minimum.gain.is_above_zero or (is_higher and minimum.gain.low >= -2 * COST_OF_MINIMUM):
        found.append(minimum)
    return found


def _mean(measures: Measures) -> float:
    return float(np.mean(measures.ndcg_at_10))
