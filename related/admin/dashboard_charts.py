"""The dashboard's charts with their tables: coverage, decisions, approval by strength."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from related.admin.charts import Chart, Named, Series, line_chart, share_bar, stacked_bars
from related.admin.dashboard_figures import Figure, admin_list
from related.domain.reports.coverage import (
    Coverage,
    CoverageDay,
    coverage_by_day,
    total,
)
from related.domain.reports.decided import (
    VERDICTS,
    DecidedByDay,
    Editor,
    approvals_by_strength,
    decided_by_day,
    start_of,
    start_of_rates,
)
from related.enums import Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """Of a table: what it is about, and its cells."""

    name: str
    cells: list[Figure]
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class CoverageChart:
    chart: Chart
    ticks: list[str]
    slots: list[str]  # names: the columns of both tables
    days: list[Row]  # latest first
    sections: list[Row]  # as of now
    section: str | None  # whose days are drawn; None: of all


@dataclass(frozen=True, slots=True)
class DecisionsChart:
    chart: Chart
    ticks: list[str]
    n: int
    editors: list[Figure]  # the columns, each with the list of its own
    has_others: bool
    days: list[Row]  # latest first; the first cell is the sum


def read_coverage(user: Any, now: Sequence[Coverage], section: str | None) -> CoverageChart:
    """Coverage now by section and, of one or all, day by day up to now."""
    sections = sorted({each.section for each in now if each.n_pages})
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
    chart = line_chart(named, _labels(days), series)
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
                    name or _("no section"),
                    [each for each in now if each.section == name],
                    name,
                    is_current=section == name,
                )
                for name in sections
            ),
        ],
        section=section,
    )


def _coverage_row(
    user: Any, name: str, coverage: Sequence[Coverage], section: str | None, *, is_current: bool
) -> Row:
    of_section = {} if section is None else {"section__exact": section}
    cells = []
    for each in coverage:
        numbers = {"filled": number_format(each.n_filled), "pages": number_format(each.n_pages)}
        empty = _("%(n)s with nothing to offer") % {"n": number_format(each.n_empty)}
        query = {"coverage": f"open-{each.slot.key}"} | of_section
        cells.append(
            Figure(
                label=percent(each.share if each.n_pages else None),
                value=_("%(filled)s of %(pages)s") % numbers,
                url=admin_list(user, "document", query),
                note=empty if each.n_empty else "",
            )
        )
    url = "?#coverage" if section is None else f"?{urlencode({'section': section})}#coverage"
    return Row(name, cells, url, is_current)


def read_decisions(user: Any) -> DecisionsChart:
    """Approvals and rejections of four weeks, by editor."""
    decided = decided_by_day()
    series = [
        Series(editor.name, values, _log(user, decided.days[0], decided.days[-1], editor))
        for editor, values in zip(decided.editors, decided.by_editor, strict=True)
    ]
    if decided.n_others:
        series.append(Series(_("%(n)d others") % {"n": decided.n_others}, decided.others))
    n = sum(decided.totals)
    busiest = max(zip(decided.totals, decided.days, strict=True))
    description = _("%(n)s decisions in %(days)d days, most of them on %(day)s: %(most)s.") % {
        "n": number_format(n),
        "days": len(decided.days),
        "day": date_format(busiest[1]),
        "most": number_format(busiest[0]),
    }
    title = _("Decisions per day, by editor")
    named = Named("decisions-chart", title, description)
    chart = stacked_bars(named, _labels(decided.days), series)
    return DecisionsChart(
        chart=chart,
        ticks=[number_format(tick, 0) for tick in chart.ticks],
        n=n,
        editors=[
            Figure(each.name, number_format(sum(v or 0 for v in each.values)), each.url)
            for each in series
        ],
        has_others=bool(decided.n_others),
        days=_decision_rows(user, decided),
    )


def _decision_rows(user: Any, decided: DecidedByDay) -> list[Row]:
    rows = []
    who = [urlencode(_of(editor)) for editor in decided.editors]
    for place, (day, n) in enumerate(zip(decided.days, decided.totals, strict=True)):
        url = _log(user, day, day)
        cells = [Figure("", number_format(n), url if n else "")]
        for editor, values in zip(who, decided.by_editor, strict=True):
            own = f"{url}&{editor}" if url and values[place] else ""
            cells.append(Figure("", number_format(values[place]), own))
        if decided.n_others:
            cells.append(Figure("", number_format(decided.others[place])))
        rows.append(Row(date_format(day), cells))
    return rows[::-1]


def read_approvals(user: Any) -> list[Row]:
    """Strength by strength: decided, approved, and the share."""
    rows = []
    since = {"decided_at__gte": start_of_rates().isoformat(sep=" ")}
    for each in approvals_by_strength():
        query = {"strength": each.strength.value} | since
        approved = query | {"verdict__exact": Verdict.APPROVED.value}
        rows.append(
            Row(
                str(each.strength.label),
                [
                    Figure("", number_format(each.n_decided), admin_list(user, "decision", query)),
                    Figure(
                        "", number_format(each.n_approved), admin_list(user, "decision", approved)
                    ),
                    Figure(share_bar(each.rate or 0.0), percent(each.rate)),
                ],
            )
        )
    return rows


def percent(share: float | None) -> str:
    return "–" if share is None else _("%(n)d %%") % {"n": round(100 * share)}


def _share(day: CoverageDay | None) -> float | None:
    return day.share if day is not None and day.n_pages else None


def _cell(day: CoverageDay | None) -> Figure:
    return Figure("", percent(_share(day)))


def _labels(days: Sequence[date]) -> list[str]:
    return [date_format(day, "MONTH_DAY_FORMAT") for day in days]


def _log(user: Any, first: date, last: date, editor: Editor | None = None) -> str:
    query = {
        "at__gte": start_of(first).isoformat(sep=" "),
        "at__lt": start_of(last + timedelta(days=1)).isoformat(sep=" "),
        "action__in": ",".join(VERDICTS),
    }
    return admin_list(user, "decisionlog", query | (_of(editor) if editor else {}))


def _of(editor: Editor) -> dict[str, str]:
    """Entries of one editor."""
    return {"actor_key": editor.key} if editor.key else {"actor_name": editor.name}
