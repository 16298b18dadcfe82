"""The score, against its formula worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.order.scoring import relevance, score

ONE = np.ones(1)


def test_the_formula_by_hand():
    found = relevance(0.30 * ONE, 0.20 * ONE, 0.10 * ONE, 0.16 * ONE, 0.32)
    expected = (0.30 + 0.5 * 0.20 - 0.1 * 0.10) / 1.2 * (0.32 / 0.16) ** 0.25
    assert found[0] == pytest.approx(expected)
    assert score(found, np.log(0.5 * ONE), 0.1)[0] == pytest.approx(expected * 0.5**0.1)


def test_hubs_that_are_unknown_count_for_nothing():
    plain = relevance(0.6 * ONE, 0 * ONE, 0 * ONE, 0.3 * ONE, 0.3)[0]
    assert plain == pytest.approx(0.5)
    assert relevance(0.6 * ONE, 0 * ONE, 0 * ONE, np.nan * ONE, 0.3)[0] == pytest.approx(plain)
    assert relevance(0.6 * ONE, 0 * ONE, 0 * ONE, 0.9 * ONE, 0.0)[0] == pytest.approx(plain)


def test_a_document_that_nothing_resembles_is_no_better_than_one_that_little_resembles():
    hubs = np.array([0.0, 0.001, 0.02, 0.021])
    found = relevance(np.full(4, 0.6), np.zeros(4), np.zeros(4), hubs, 0.2)
    assert found[0] == found[1] == found[2] > found[3]


unit = st.floats(0, 1)


@given(st.tuples(unit, unit, unit, unit), unit, st.floats(-5, 0), st.floats(0, 0.3))
def test_scores_are_never_negative_and_fall_with_time(parts, typical, log_f, weight):
    found = relevance(*(part * ONE for part in parts), typical)
    assert found[0] >= 0
    assert 0 <= score(found, log_f * ONE, weight)[0] <= found[0]
