"""Click-through with its certainty: by slot, place and strength, and link by link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from related.contrib.clicks.models import ClickSum, DailyClicks
from related.enums import Strength
from related.models import Document, Slot
from related.similarity.intervals import Interval, wilson_interval

N_LINKS = 10  # of the best and of the worst
N_TRIED = 500  # links that these are chosen from
FEWEST_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """How often something was shown and clicked."""

    slot: Slot
    place: int | None  # None: all of them
    strength: str | None  # None: of any; "": the slot goes by date
    shown: int
    clicked: int

    @property
    def share(self) -> Interval:
        return wilson_interval(min(self.clicked, self.shown), self.shown)

    @property
    def strength_word(self) -> str:
        return str(Strength(self.strength).label) if self.strength else ""


@dataclass(frozen=True, slots=True)
class LinkFigure:
    """The same of one link on one page."""

    document: Document
    slot: Slot
    target: Document
    shown: int
    clicked: int

    @property
    def share(self) -> Interval:
        return wilson_interval(min(self.clicked, self.shown), self.shown)


@dataclass(frozen=True, slots=True)
class ClickThrough:
    by_slot: list[Figure]
    by_place: list[Figure]
    by_strength: list[Figure]


def read_click_through(days: int) -> ClickThrough:
    """Of the last days, today included; two queries."""
    slots = {slot.pk: slot for slot in Slot.objects.all()}
    rows = list(
        ClickSum.objects.filter(day__gt=_before(days))
        .order_by()
        .values_list("slot", "place", "strength")
        .annotate(Sum("shown"), Sum("clicked"))
    )
    order = ["", *(each.value for each in Strength)]
    rows.sort(key=lambda row: (slots[row[0]].position, row[0], row[1], order.index(row[2])))
    return ClickThrough(
        by_slot=_summed(slots, ((row[0], None, None, *row[3:]) for row in rows)),
        by_place=_summed(slots, ((row[0], row[1], None, *row[3:]) for row in rows)),
        by_strength=_summed(slots, ((row[0], None, row[2], *row[3:]) for row in rows if row[2])),
    )


def best_links(days: int) -> list[LinkFigure]:
    """Those with the highest lower bound: surely clicked often."""
    rows = _links(days).filter(n_clicked__gt=0).order_by("-n_clicked")[:N_TRIED]
    return sorted(read_links(rows), key=lambda link: -link.share.low)[:N_LINKS]


def worst_links(days: int) -> list[LinkFigure]:
    """Those with the lowest upper bound: surely clicked hardly ever."""
    rows = _links(days).filter(n_shown__gte=FEWEST_SHOWN).order_by("n_clicked", "-n_shown")
    return sorted(read_links(rows[:N_TRIED]), key=lambda link: link.share.high)[:N_LINKS]


def all_links(days: int, most: int) -> list[dict[str, Any]]:
    """The links of the last days, most shown first, as ``read_links`` takes them."""
    return [*_links(days).order_by("-n_shown", "document", "slot", "target")[:most]]


def read_links(rows: Iterable[dict[str, Any]]) -> list[LinkFigure]:
    """Rows with their documents and slots; two queries."""
    found = list(rows)
    slots = Slot.objects.in_bulk()
    documents = Document.objects.in_bulk(
        {row[name] for row in found for name in ("document", "target")}
    )
    return [
        LinkFigure(
            documents[row["document"]],
            slots[row["slot"]],
            documents[row["target"]],
            row["n_shown"],
            row["n_clicked"],
        )
        for row in found
    ]


def _links(days: int) -> Any:  # a queryset of dictionaries
    rows = DailyClicks.objects.filter(day__gt=_before(days)).order_by()
    links = rows.values("document", "slot", "target")
    return links.annotate(n_shown=Sum("shown"), n_clicked=Sum("clicked")).filter(n_shown__gt=0)


def _before(days: int) -> Any:
    return timezone.localdate() - timedelta(days=days)


def _summed(slots: dict[int, Slot], rows: Iterable[tuple[Any, ...]]) -> list[Figure]:
    sums: dict[tuple[Any, ...], tuple[int, int]] = {}
    for *name, shown, clicked in rows:
        before = sums.get(tuple(name), (0, 0))
        sums[tuple(name)] = before[0] + shown, before[1] + clicked
    return [*_figures(slots, sums)]


def _figures(
    slots: dict[int, Slot], sums: dict[tuple[Any, ...], tuple[int, int]]
) -> Iterator[Figure]:
    for (slot, place, strength), (shown, clicked) in sums.items():
        if shown:
            yield Figure(slots[slot], place, strength, shown, clicked)
