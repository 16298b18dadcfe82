"""The dashboard's decisions: by day and editor, and how often editors approve by strength."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from related.admin.charts import Chart, Named, Series, share_bar, stacked_bars
from related.admin.dashboard_figures import Figure, Row, admin_list, axis_of, percent
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
class DecisionsChart:
    chart: Chart
    ticks: list[str]
    n: int
    editors: list[Figure]  # the columns, each with the list of its own
    has_others: bool
    days: list[Row]  # latest first; the first cell is the sum


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
    chart = stacked_bars(named, axis_of(decided.days), series)
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
