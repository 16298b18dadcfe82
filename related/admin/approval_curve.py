"""The approval curve as a drawing: where each point, line and label of the SVG stands."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format

from related.domain.strength.evidence import Evidence, ScoreBin
from related.models import Slot

WIDTH, HEIGHT = 400, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 8, 10, 40
LARGEST_DOT, SMALLEST_DOT = 7.0, 2.5
N_STEPS = 40  # of the learned curve


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin: its share, with its interval as a line from ``top`` to ``bottom``."""

    x: str
    y: str
    radius: str
    top: str
    bottom: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything in the units of ``view_box``; numbers are written as SVG reads them."""

    view_box: str
    left: str
    right: str
    top: str
    bottom: str
    middle: str
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    dots: list[Dot]
    curve: str  # points of a polyline
    minimum: str  # where the slot's minimum score stands; "" where it is off the drawing


def draw(evidence: Evidence, slot: Slot) -> Chart:
    """The curve of a slot that has enough decisions to draw."""
    highest = min(1.0, math.ceil(max(each.high for each in evidence.bins) * 10 + 0.5) / 10)
    most = max(each.n for each in evidence.bins)

    def x(score: float) -> str:
        return _written(LEFT + (WIDTH - LEFT - RIGHT) * score / highest)

    steps = [highest * step / N_STEPS for step in range(N_STEPS + 1)]
    return Chart(
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        left=_written(LEFT),
        right=_written(WIDTH - RIGHT),
        top=_written(TOP),
        bottom=_written(HEIGHT - BOTTOM),
        middle=_written((LEFT + WIDTH - RIGHT) / 2),
        x_ticks=[Tick(x(at), number_format(at, 1)) for at in _tenths(highest)],
        y_ticks=[
            Tick(_y(share / 100), f"{number_format(share)} %") for share in (0, 25, 50, 75, 100)
        ],
        dots=[_dot(each, x(each.mean), most) for each in evidence.bins],
        curve=" ".join(f"{x(score)},{_y(slot.curve.chance(score))}" for score in steps),
        minimum=x(slot.minimum_score) if slot.minimum_score <= highest else "",
    )


def _dot(each: ScoreBin, x: str, most: int) -> Dot:
    radius = SMALLEST_DOT + (LARGEST_DOT - SMALLEST_DOT) * math.sqrt(each.n / most)
    approval = each.approval
    return Dot(x, _y(approval.mean), _written(radius), _y(approval.high), _y(approval.low))


def _y(share: float) -> str:
    return _written(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share))


def _tenths(highest: float) -> Iterator[float]:
    """At most six of them."""
    step = 1 if highest <= 0.6 else 2
    return (tenth / 10 for tenth in range(0, round(highest * 10) + 1, step))


def _written(number: float) -> str:
    return f"{number:.1f}"
