"""The approval curve of a slot, and the minimum scores that would have given a share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from related.domain.strength.decisions import Decided
from related.domain.strength.evidence import Evidence, evidence_of, read_evidence
from related.models import Document
from related.similarity.intervals import Z_OF_ONE_SIDE, wilson_interval
from tests.related.desk_documents import make_slot
from tests.related.strength.decided import many_decided


def evidence(pairs: Sequence[tuple[float, bool]]) -> Evidence:
    scores, approved = zip(*pairs, strict=True) if pairs else ((), ())
    return evidence_of(
        Decided(np.array(scores, float), np.array(approved, bool), np.zeros(len(scores)))
    )


def half_good(n: int = 200) -> list[tuple[float, bool]]:
    """Below 0.3 one in four is approved, from 0.3 on every one."""
    return [(0.1 + 0.2 * k / n, k % 4 == 0) for k in range(n)] + [
        (0.3 + 0.2 * k / n, True) for k in range(n)
    ]


def test_the_interval_is_wilsons() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20.
    for n_true, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        found = wilson_interval(n_true, n)
        assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)
    none = wilson_interval(0, 20)
    assert (none.low, none.high) == pytest.approx((0, 0.1611), abs=0.0001)
    with pytest.raises(ValueError, match="nothing"):
        wilson_interval(0, 0)


def test_the_thresholds_are_the_lowest_that_give_the_share_surely() -> None:
    pairs = half_good()
    found = evidence(pairs)
    for threshold in found.thresholds:
        assert threshold.score is not None
        kept = [approved for score, approved in pairs if score >= threshold.score]
        assert (threshold.n_kept, threshold.n_approved) == (len(kept), sum(kept))
        assert threshold.n_approved_left_out == found.n_approved - sum(kept)
        assert wilson_interval(sum(kept), len(kept), Z_OF_ONE_SIDE).low >= threshold.share
        below = [approved for score, approved in pairs if score >= threshold.score - 0.01]
        assert wilson_interval(sum(below), len(below), Z_OF_ONE_SIDE).low < threshold.share
    assert [t.score for t in found.thresholds] == [0.29, 0.3, 0.3]


def test_too_few_decisions_say_how_many_are_needed() -> None:
    found = evidence([(0.5, True)] * 51)
    assert [t.score for t in found.thresholds] == [0.0, None, None]
    assert [t.n_needed for t in found.thresholds] == [25, 52, 133]
    assert [t.is_too_few for t in found.thresholds] == [False, True, True]
    assert evidence([(0.5, True)] * 52).thresholds[1].score == 0.0


def test_where_no_score_gives_the_share_none_is_advised() -> None:
    found = evidence([(0.2 + k / 1000, k % 2 == 0) for k in range(300)])
    assert {(t.score, t.is_too_few) for t in found.thresholds} == {(None, False)}


@pytest.mark.parametrize(("n", "n_bins"), [(0, 0), (19, 0), (20, 2), (50, 5), (500, 10)])
def test_the_curve_has_as_many_points_as_decisions_carry(n: int, n_bins: int) -> None:
    found = evidence([(k / max(n, 1), k % 3 > 0) for k in range(n)])
    assert len(found.bins) == n_bins
    assert sum(each.n for each in found.bins) == (n if n_bins else 0)
    assert sum(each.n_approved for each in found.bins) == (found.n_approved if n_bins else 0)


def test_decisions_of_one_score_stay_together() -> None:
    (only,) = evidence([(0.5, k < 30) for k in range(40)]).bins
    assert (only.low, only.high, only.n, only.approval.mean) == (0.5, 0.5, 40, 0.75)


@pytest.mark.django_db
def test_it_is_read_from_what_strength_is_learned_from(document: Document, anna: Any) -> None:
    many_decided(document, half_good(50), user=anna)
    found = read_evidence(make_slot())
    assert (found.n, found.n_approved, len(found.bins)) == (100, 63, 10)
    assert found.bins[-1].approval.mean == 1
