"""The dashboard's coverage: how many pages each slot fills, day by day and by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from related.admin.charts import Chart, Named, Series, line_chart
from related.admin.dashboard_figures import Figure, Row, admin_list, axis_of, percent
from related.domain.documents.section_names import names_of_sections
from related.domain.reports.coverage import Coverage, CoverageDay, coverage_by_day, total
from related.models import Slot


@dataclass(frozen=True, slots=True)
class Cell:
    """Several numbers of one thing."""

    share: str
    lines: list[Figure]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """What each slot fills in one section; the address shows its chart."""

    name: str
    cells: list[Cell]
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CoverageChart:
    chart: Chart
    ticks: list[str]
    slots: list[str]  # names: the columns of both tables
    days: list[Row]  # latest first
    sections: list[SectionRow]  # as of now
    section: str | None  # whose days are drawn; None: of all
    section_name: str


def read_coverage(user: Any, now: Sequence[Coverage], section: str | None) -> CoverageChart:
    """Coverage now by section and, of one or all, day by day up to now."""
    names = names_of_sections({each.section for each in now if each.n_pages})
    sections = sorted(names, key=lambda key: (names[key].casefold(), key))
    if section not in sections:
        section = None
    chosen = total(each for each in now if section in {None, each.section})
    slots = [each.slot for each in chosen]
    by_day = coverage_by_day(slots, section)
    today = timezone.localdate()
    known = {
        slot.pk: {day.day: day for day in by_day[slot.pk]}
        | {today: CoverageDay(today, each.n_pages, each.n_filled)}
        for slot, each in zip(slots, chosen, strict=True)
    }
    first = min((day for days in known.values() for day in days), default=today)
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    series = [
        Series(slot.name, [_share(known[slot.pk].get(day)) for day in days]) for slot in slots
    ]
    description = "; ".join(
        _("%(slot)s: %(then)s on the first day, %(now)s today")
        % {
            "slot": each.name,
            "then": percent(next((value for value in each.values if value is not None), None)),
            "now": percent(each.values[-1]),
        }
        for each in series
    )
    title = _("Share of pages that show a link, by slot")
    named = Named("coverage-chart", title, description)
    chart = line_chart(named, axis_of(days), series)
    return CoverageChart(
        chart=chart,
        ticks=[percent(tick) for tick in chart.ticks],
        slots=[slot.name for slot in slots],
        days=[
            Row(date_format(day), [_cell(known[slot.pk].get(day)) for slot in slots])
            for day in reversed(days)
        ],
        sections=[
            _coverage_row(user, _("All sections"), total(now), None, is_current=section is None),
            *(
                _coverage_row(
                    user,
                    names[key] or _("no section"),
                    [each for each in now if each.section == key],
                    key,
                    is_current=section == key,
                )
                for key in sections
            ),
        ],
        section=section,
        section_name=names[section] if section else "",
    )


def _coverage_row(
    user: Any, name: str, coverage: Sequence[Coverage], section: str | None, *, is_current: bool
) -> SectionRow:
    of_section = {} if section is None else {"section__exact": section}

    documents = admin_list(user, "document", {})

    def pages(state: str, slot: Slot) -> str:
        query = urlencode({"coverage": f"{state}-{slot.key}"} | of_section)
        return f"{documents}?{query}" if documents else ""

    cells = []
    for each in coverage:
        numbers = {"filled": number_format(each.n_filled), "pages": number_format(each.n_pages)}
        n_open = number_format(each.n_pages - each.n_filled)
        n_empty = number_format(each.n_empty)
        lines = [
            Figure("", _("%(filled)s of %(pages)s") % numbers, pages("filled", each.slot)),
            Figure("", _("%(n)s without a link") % {"n": n_open}, pages("open", each.slot)),
            Figure("", _("%(n)s without an offer") % {"n": n_empty}, pages("empty", each.slot)),
        ]
        cells.append(Cell(percent(each.share if each.n_pages else None), lines))
    url = "?#coverage" if section is None else f"?{urlencode({'section': section})}#coverage"
    return SectionRow(name, cells, url, is_current)


def _share(day: CoverageDay | None) -> float | None:
    return day.share if day is not None and day.n_pages else None


def _cell(day: CoverageDay | None) -> Figure:
    return Figure("", percent(_share(day)))
