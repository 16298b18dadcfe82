"""What past decisions say of a slot's scores: how often each was approved, and which minimum would
have given which share of approvals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.domain.strength.decisions import Decided, decided_by_slot
from related.models import Slot
from related.similarity.intervals import Z_OF_ONE_SIDE, Interval, wilson_interval

SHARES = (0.90, 0.95, 0.98)
MOST_BINS = 10
FEWEST_IN_BIN = 10
STEPS = 100  # scores are tried by hundredths, as an editor sets them


@dataclass(frozen=True, slots=True)
class ScoreBin:
    """Decisions of neighboring scores."""

    low: float
    high: float
    mean: float  # score
    n: int
    n_approved: int
    approval: Interval  # the share approved


@dataclass(frozen=True, slots=True)
class Threshold:
    """The lowest score from which on a share is approved, surely enough; None where none is."""

    share: float
    score: float | None
    n_kept: int = 0
    n_approved: int = 0  # of those kept
    n_approved_left_out: int = 0
    is_too_few: bool = False  # even if all had been approved

    @property
    def percent(self) -> int:
        return round(100 * self.share)

    @property
    def n_needed(self) -> int:
        """Decisions that suffice, if every one of them is an approval."""
        square = Z_OF_ONE_SIDE * Z_OF_ONE_SIDE
        return math.ceil(self.share * square / (1 - self.share))


@dataclass(frozen=True, slots=True)
class Evidence:
    n: int
    n_approved: int
    bins: list[ScoreBin]  # none where decisions are too few to draw
    thresholds: list[Threshold]

    @property
    def n_to_draw(self) -> int:
        """Decisions that make a curve of two points."""
        return 2 * FEWEST_IN_BIN


def read_evidence(slot: Slot) -> Evidence:
    """Of the newest telling decisions of one slot, as strength is learned from."""
    return evidence_of(decided_by_slot([slot])[slot.pk])


def evidence_of(decided: Decided) -> Evidence:
    order = np.argsort(decided.scores, kind="stable")
    decided = Decided(decided.scores[order], decided.approved[order], decided.seconds[order])
    return Evidence(
        len(decided),
        int(decided.approved.sum()),
        list(_bins(decided)),
        [find_threshold(decided, share) for share in SHARES],
    )


def find_threshold(decided: Decided, share: float) -> Threshold:
    """The lowest score s, by hundredths, for which Wilson's lower bound (one-sided, 95 %) of the
    share approved among decisions with a score of at least s reaches ``share``.

    A bound and no mere share: the lowest of many scores is looked for, and without it chance would
    choose one that a handful of decisions happens to reach.

    Args:
        decided: in ascending order of the scores.
    """
    n = len(decided)
    approved_below = np.concatenate([[0], np.cumsum(decided.approved)])
    n_approved = int(approved_below[-1])
    for step in range(STEPS + 1):
        score = step / STEPS
        first = int(np.searchsorted(decided.scores, score))
        n_kept, kept = n - first, n_approved - int(approved_below[first])
        if n_kept and wilson_interval(kept, n_kept, Z_OF_ONE_SIDE).low >= share:
            return Threshold(share, score, n_kept, kept, n_approved - kept)
    none = Threshold(share, None)
    return Threshold(share, None, is_too_few=n < none.n_needed)


def _bins(decided: Decided) -> Iterator[ScoreBin]:
    """Of about as many decisions each; decisions of one score stay together."""
    n_bins = min(MOST_BINS, len(decided) // FEWEST_IN_BIN)
    if n_bins < 2:
        return
    edges: NDArray[np.int64] = np.linspace(0, len(decided), n_bins + 1).astype(np.int64)
    starts = np.searchsorted(decided.scores, decided.scores[edges[:-1]])
    starts = np.unique(starts)
    for first, end in zip(starts, [*starts[1:], len(decided)], strict=True):
        scores, approved = decided.scores[first:end], decided.approved[first:end]
        n, n_approved = len(scores), int(approved.sum())
        yield ScoreBin(
            float(scores[0]),
            float(scores[-1]),
            float(scores.mean()),
            n,
            n_approved,
            wilson_interval(n_approved, n),
        )
