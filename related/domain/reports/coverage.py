"""How many pages each slot fills: now, by section, and day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.utils import timezone

from related.models import DailyCoverage, ReviewState, Slot

DAYS = 90


@dataclass(frozen=True, slots=True)
class Coverage:
    """One slot on the public pages of one section."""

    slot: Slot
    section: str
    n_pages: int
    n_filled: int  # that show a link in it
    n_empty: int  # with nothing approved or offered for it

    @property
    def share(self) -> float:
        """Of the pages, 0 to 1."""
        return self.n_filled / self.n_pages if self.n_pages else 0.0


@dataclass(frozen=True, slots=True)
class CoverageDay:
    """A slot on one day; ``n_pages`` may differ from slot to slot only where one is new."""

    day: date
    n_pages: int
    n_filled: int

    @property
    def share(self) -> float:
        return self.n_filled / self.n_pages if self.n_pages else 0.0


def measure_coverage() -> list[Coverage]:
    """Every active slot that goes by similarity in every section, from one query over all pages.

    On a site without pages each slot has one row, of no section.
    """
    slots = list(Slot.objects.active().by_similarity())
    rows = (
        ReviewState.objects.pages()
        .order_by()
        .values_list("section", "filled_slots", "empty_slots")
        .annotate(n=Count("*"))
    )
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for section, filled, empty, n in rows:
        found[section].append((filled, empty, n))
    return [
        Coverage(
            slot=slot,
            section=section,
            n_pages=sum(n for _, _, n in found[section]),
            n_filled=sum(n for filled, _, n in found[section] if f",{slot.key}," in filled),
            n_empty=sum(n for _, empty, n in found[section] if f",{slot.key}," in empty),
        )
        for section in sorted(found) or [""]
        for slot in slots
    ]


def total(coverage: Iterable[Coverage]) -> list[Coverage]:
    """The same for all sections together; ``section`` is empty."""
    of_slot: dict[int, list[Coverage]] = defaultdict(list)
    for each in coverage:
        of_slot[each.slot.pk].append(each)
    return [
        Coverage(
            slot=some[0].slot,
            section="",
            n_pages=sum(each.n_pages for each in some),
            n_filled=sum(each.n_filled for each in some),
            n_empty=sum(each.n_empty for each in some),
        )
        for some in of_slot.values()
    ]


def coverage_by_day(
    slots: Sequence[Slot], section: str | None = None, days: int = DAYS
) -> dict[int, list[CoverageDay]]:
    """What was written down, oldest first, by slot id.

    Args:
        section: of this one alone; None for all together.
    """
    first = timezone.localdate() - timedelta(days=days - 1)
    rows = DailyCoverage.objects.filter(day__gte=first, slot__in=slots)
    if section is not None:
        rows = rows.filter(section=section)
    found: dict[int, list[CoverageDay]] = {slot.pk: [] for slot in slots}
    sums = rows.order_by("day").values_list("slot", "day")
    for slot_id, day, n_pages, n_filled in sums.annotate(p=Sum("n_pages"), f=Sum("n_filled")):
        found[slot_id].append(CoverageDay(day, n_pages, n_filled))
    return found
