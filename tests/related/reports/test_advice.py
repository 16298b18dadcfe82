"""Advice: chosen on earlier links, confirmed on later ones, and none by chance."""

from __future__ import annotations

import numpy as np

from related.domain.reports.advice import advise
from related.domain.reports.measures import Measures
from related.domain.reports.rule_settings import AS_IT_IS, MINIMUM, TIME
from related.models import Slot

SLOT = Slot(minimum_score=0.04, time_weight=0.1)


def measured(ndcg: float, n_offered: float = 30, n: int = 200) -> Measures:
    """Queries around a mean, all harder or easier by the same."""
    values = np.clip(ndcg + np.linspace(-0.2, 0.2, n), 0, 1)
    return Measures(values, values, values, n_offered)


def every(**others: Measures) -> dict[str, Measures]:
    return {
        setting.name: others.get(setting.name, measured(0.4))
        for setting in (AS_IT_IS, *TIME, *MINIMUM)
    }


def advised(earlier: dict[str, Measures], later: dict[str, Measures]) -> list[str]:
    return [advice.setting.name for advice in advise(SLOT, earlier, later)]


def weak(setting: str) -> dict[str, Measures]:
    """From a minimum on, links are lost."""
    names = [each.name for each in MINIMUM]
    return {name: measured(0.2, 3) for name in names[names.index(setting) :]}


COSTLY = weak("minimum_score_0.06")


def test_nothing_is_advised_where_nothing_is_better() -> None:
    assert advised(every(**COSTLY), every(**COSTLY)) == []
    assert advise(SLOT, every(as_it_is=measured(0.4, n=0)), every()) == []


def test_what_is_better_on_both_sides_is_advised() -> None:
    better = every(**COSTLY, **{"time_weight_0.20": measured(0.45)})
    [advice] = advise(SLOT, better, better)
    assert advice.setting.fields == {"time_weight": 0.2}
    assert round(advice.gain.mean, 2) == 0.05


def test_what_was_better_earlier_alone_is_not() -> None:
    earlier = every(**COSTLY, **{"time_weight_0.20": measured(0.45)})
    assert advised(earlier, every(**COSTLY)) == []
    assert advised(every(**COSTLY), earlier) == []  # nor is it chosen on what is reported


def test_a_higher_minimum_that_costs_nothing_is_advised() -> None:
    costly = weak("minimum_score_0.12")
    assert advised(every(**costly), every(**costly)) == ["minimum_score_0.08"]


def test_a_lower_minimum_is_advised_only_where_it_finds_more() -> None:
    costly = weak("minimum_score_0.04")
    assert advised(every(**costly), every(**costly)) == []
    now = {"as_it_is": measured(0.2, 3)}
    assert advised(every(**costly, **now), every(**costly, **now)) == [
        "time_weight_0.00",
        "minimum_score_0.02",
    ]
