"""Charts as SVG, drawn from numbers alone: no script, no inline style, colors from the style sheet.

The drawing is stretched to its place, and no text is in it: labels stand beside it in HTML, so they
are readable on any screen. A screen reader hears the title and the description; each chart has its
table beside it. Lines differ in their dashes as well as in color.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# The drawing's own units, in both directions.
SIZE = 100
GAP = 0.25  # of a bar's place
N_STYLES = 6  # that charts.css knows


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: Sequence[float | None]  # one for each place on the axis; None: not known
    url: str = ""  # the list behind it


@dataclass(frozen=True, slots=True)
class Named:
    """What a chart is called on its page, and what a screen reader says of it."""

    key: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The places from left to right, of which the ends are named."""

    n_places: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Chart:
    svg: SafeString
    ticks: list[float]  # of the upright axis, highest first
    legend: list[tuple[int, Series]]  # with the number of each style
    first: str  # the ends of the other axis
    last: str


def line_chart(named: Named, axis: Axis, series: Sequence[Series]) -> Chart:
    """Shares over time.

    Args:
        series: values from 0 to 1.
    """
    lines = format_html_join(
        "",
        '<polyline class="chart-line chart-{}" points="{}"/>',
        (
            (style, points)
            for style, each in _styled(series)
            for points in _stretches(each.values, axis.n_places)
        ),
    )
    return _chart(named, axis, series, lines, [1.0, 0.5, 0.0])


def stacked_bars(named: Named, axis: Axis, series: Sequence[Series]) -> Chart:
    """Counts, one bar for each place; the first series stands at the bottom."""
    columns = zip(*([value or 0 for value in each.values] for each in series), strict=True)
    totals = [sum(column) for column in columns]
    highest = round_up(max(totals, default=0))
    width = SIZE / max(1, axis.n_places)
    bars = []
    heights = [0.0] * axis.n_places
    for style, each in _styled(series):
        for place, value in enumerate(each.values):
            if value:
                height = SIZE * value / highest
                heights[place] += height
                left, top = width * (place + GAP / 2), SIZE - heights[place]
                numbers = (_short(n) for n in (left, top, width * (1 - GAP), height))
                bars.append((style, *numbers))
    drawn = format_html_join(
        "", '<rect class="chart-bar chart-{}" x="{}" y="{}" width="{}" height="{}"/>', bars
    )
    ticks = [highest, highest / 2, 0] if highest % 2 == 0 else [highest, 0]
    return _chart(named, axis, series, drawn, [float(tick) for tick in ticks])


def share_bar(share: float) -> SafeString:
    """A share as a bar, beside its number; a screen reader hears the number alone."""
    return format_html(
        '<svg class="chart-share" viewBox="0 0 100 100" preserveAspectRatio="none"'
        ' aria-hidden="true"><rect class="chart-rest" width="100" height="100"/>'
        '<rect class="chart-bar chart-1" width="{}" height="100"/></svg>',
        _short(SIZE * share),
    )


def round_up(number: float) -> int:
    """The next 1, 2 or 5 with zeros; 1 at least."""
    if number <= 1:
        return 1
    unit = int(10 ** int(log10(number)))
    return next(unit * n for n in (1, 2, 5, 10) if unit * n >= number)


def _chart(
    named: Named,
    axis: Axis,
    series: Sequence[Series],
    drawn: SafeString,
    ticks: list[float],
) -> Chart:
    heights = [_short(SIZE - SIZE * tick / ticks[0]) for tick in ticks]
    grid = format_html_join(
        "", '<line class="chart-grid" x1="0" x2="100" y1="{0}" y2="{0}"/>', ((h,) for h in heights)
    )
    svg = format_html(
        '<svg class="chart-svg" viewBox="0 0 100 100" preserveAspectRatio="none" role="img"'
        ' aria-labelledby="{0}-title {0}-desc"><title id="{0}-title">{1}</title>'
        '<desc id="{0}-desc">{2}</desc>{3}{4}</svg>',
        named.key,
        named.title,
        named.description,
        grid,
        drawn,
    )
    return Chart(svg, ticks, _styled(series), axis.first, axis.last)


def _styled(series: Sequence[Series]) -> list[tuple[int, Series]]:
    return [(place % N_STYLES + 1, each) for place, each in enumerate(series)]


def _stretches(values: Sequence[float | None], n_places: int) -> list[str]:
    """Points of each unbroken stretch; a lonely one twice, so that its round end is a dot."""
    stretches: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            stretches.append([])
        else:
            x = SIZE * place / max(1, n_places - 1)
            stretches[-1].append(f"{_short(x)},{_short(SIZE - SIZE * value)}")
    return [" ".join(some * 2 if len(some) == 1 else some) for some in stretches if some]


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
