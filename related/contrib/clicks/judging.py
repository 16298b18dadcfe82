"""Which variant of a slot readers follow more often, and how sure that is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.contrib.clicks.models import DailyClicks, Trial
from related.similarity.intervals import Interval, difference_of_ratios, ratio_of_sums

FEWEST_ARTICLES = 10  # of each variant, to say anything
FEWEST_VIEWS = 100


@dataclass(frozen=True, slots=True)
class Side:
    """What was seen of one variant."""

    n_articles: int
    views: int  # of the slot: how often its first link was
    clicked: int
    share: float | None = None  # clicks for a view
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A trial so far. The article is the unit, for it was articles that were halved: what one of
    them attracts is in all of its clicks."""

    a: Side
    b: Side
    difference: Interval | None  # B minus A; None: too little to say

    @property
    def sentence(self) -> str:
        if self.difference is None:
            needed = {"articles": FEWEST_ARTICLES, "views": FEWEST_VIEWS}
            return (
                _(
                    "Too little to say: each variant needs %(articles)d articles and "
                    "%(views)d views."
                )
                % needed
            )
        names = {
            "low": _points(self.difference.low),
            "high": _points(self.difference.high),
            "a": _percent(self.a.share or 0.0),
            "b": _percent(self.b.share or 0.0),
        }
        if self.difference.low > 0:
            text = _("B is followed more often: %(b)s of its views, against %(a)s.")
        elif self.difference.high < 0:
            text = _("A is followed more often: %(a)s of its views, against %(b)s.")
        else:
            text = _("No difference can be told yet: A %(a)s, B %(b)s of the views.")
        certainty = _(
            "B minus A lies between %(low)s and %(high)s percentage points, with a certainty of "
            "95 %%."
        )
        return f"{text} {certainty}" % names

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Outcome:
        difference = stored["difference"]
        return cls(
            Side(**stored["a"]),
            Side(**stored["b"]),
            Interval(**difference) if difference else None,
        )


def judge(trial: Trial) -> Outcome:
    """What was seen of a trial; of one that ended, what was seen until then."""
    if trial.outcome is not None:
        return Outcome.from_json(trial.outcome)
    counts: dict[str, tuple[list[int], list[int]]] = {}
    for is_b in (False, True):
        rows = DailyClicks.objects.filter(variant=trial.variant(is_b=is_b), slot=trial.slot_id)
        articles = (
            rows.order_by()
            .values("document")
            .annotate(
                n_views=Coalesce(Sum("shown", filter=Q(place=1)), 0), n_clicked=Sum("clicked")
            )
        )
        found = [(row["n_clicked"], row["n_views"]) for row in articles if row["n_views"]]
        counts["b" if is_b else "a"] = [c for c, _n in found], [n for _c, n in found]
    sides = {name: Side(len(n), sum(n), sum(c)) for name, (c, n) in counts.items()}
    if any(s.n_articles < FEWEST_ARTICLES or s.views < FEWEST_VIEWS for s in sides.values()):
        return Outcome(sides["a"], sides["b"], None)
    ratios = {name: ratio_of_sums(c, n) for name, (c, n) in counts.items()}
    for name, side in sides.items():
        own = ratios[name].interval
        sides[name] = Side(
            side.n_articles, side.views, side.clicked, own.mean, max(own.low, 0.0), own.high
        )
    return Outcome(sides["a"], sides["b"], difference_of_ratios(ratios["b"], ratios["a"]))


def _percent(share: float) -> str:
    return f"{number_format(round(100 * share, 2), 2)}\N{NO-BREAK SPACE}%"


def _points(share: float) -> str:
    sign = "\N{MINUS SIGN}" if share < 0 else "+"
    return sign + number_format(round(100 * abs(share), 2), 2)
