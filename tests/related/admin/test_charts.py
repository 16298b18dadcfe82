"""Charts: numbers to SVG, by hand-worked examples."""

from __future__ import annotations

import pytest

from related.admin.charts import Axis, Named, Series, line_chart, round_up, share_bar, stacked_bars

NAMED = Named("chart", "Links < all", "From 1 to 2")
AXIS = Axis(3, "May 1", "May 3")


def test_a_line_runs_from_left_to_right_and_breaks_where_nothing_is_known() -> None:
    chart = line_chart(NAMED, AXIS, [Series("A", [0.0, 0.5, 1.0]), Series("B", [0.25, None, 0.75])])
    assert 'class="chart-line chart-1" points="0,100 50,50 100,0"' in chart.svg
    assert 'class="chart-line chart-2" points="0,75 0,75"' in chart.svg
    assert 'points="100,25 100,25"' in chart.svg
    assert (chart.ticks, chart.first, chart.last) == ([1.0, 0.5, 0.0], "May 1", "May 3")
    assert [(style, series.name) for style, series in chart.legend] == [(1, "A"), (2, "B")]


def test_a_screen_reader_is_told_what_it_shows() -> None:
    svg = line_chart(NAMED, AXIS, []).svg
    assert 'role="img" aria-labelledby="chart-title chart-desc"' in svg
    assert '<title id="chart-title">Links &lt; all</title>' in svg
    assert '<desc id="chart-desc">From 1 to 2</desc>' in svg
    assert "style=" not in svg


def test_bars_stand_on_each_other() -> None:
    chart = stacked_bars(NAMED, AXIS, [Series("A", [2, 0, 1]), Series("B", [3, 0, 0])])
    assert chart.ticks == [5.0, 0.0]
    assert 'x="4.17" y="60" width="25" height="40"' in chart.svg
    assert 'x="4.17" y="0" width="25" height="60"' in chart.svg
    assert 'x="70.83" y="80" width="25" height="20"' in chart.svg
    assert chart.svg.count("<rect") == 3
    assert stacked_bars(NAMED, AXIS, []).ticks == [1.0, 0.0]


def test_a_share_says_nothing_beside_its_number() -> None:
    assert 'aria-hidden="true"' in share_bar(0.25)
    assert 'width="25"' in share_bar(0.25)


@pytest.mark.parametrize(
    ("number", "rounded"), [(0, 1), (1, 1), (2, 2), (3, 5), (11, 20), (51, 100), (500, 500)]
)
def test_the_axis_ends_at_a_round_number(number: int, rounded: int) -> None:
    assert round_up(number) == rounded
