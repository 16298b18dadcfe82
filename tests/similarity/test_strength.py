import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from related.similarity.strength import EVEN_SCORE, PSEUDO_COUNT, SHIPPED, Curve, learn_curve

scores = st.floats(0, 1)
decisions = st.lists(st.tuples(scores, st.booleans()), max_size=60)


def learned(some, prior=SHIPPED):
    return learn_curve([score for score, _ in some], [verdict for _, verdict in some], prior)


@given(decisions, st.lists(scores, min_size=2, max_size=20))
def test_a_better_score_is_never_a_smaller_chance(some, asked):
    curve = learned(some)
    chances = [curve.chance(score) for score in sorted(asked)]
    assert all(0 <= chance <= 1 for chance in chances)
    assert chances == sorted(chances)


@given(decisions, st.lists(scores, min_size=1, max_size=20))
def test_one_score_and_many_have_the_same_chances(some, asked):
    curve = learned(some)
    assert [curve.chance(score) for score in asked] == pytest.approx(curve.chances(asked).tolist())


@given(decisions)
def test_a_curve_of_a_curve_is_no_further_from_it_than_the_decisions_weigh(some):
    prior = Curve(tuple(np.linspace(0.2, 0.6, 101).tolist()))
    weight = len(some) / (len(some) + PSEUDO_COUNT)
    distances = np.abs(np.array(learned(some, prior).points) - prior.points)
    assert distances.max() <= weight + 1e-6


def test_without_decisions_the_shipped_curve_holds():
    assert learn_curve([], []) == SHIPPED
    assert SHIPPED.chance(EVEN_SCORE) == pytest.approx(0.5, abs=0.001)
    assert SHIPPED.chance(0) == 0
    assert SHIPPED.chance(1) > 0.95


def test_as_many_decisions_as_pseudo_counts_weigh_as_much_as_the_prior():
    curve = learn_curve([0.3] * PSEUDO_COUNT, [True] * PSEUDO_COUNT)
    assert curve.chance(0.1) == pytest.approx((1 + SHIPPED.chance(0.1)) / 2, abs=1e-6)


def test_many_decisions_leave_nothing_of_the_prior():
    random = np.random.default_rng(1)
    at = random.random(50_000)
    verdicts = random.random(50_000) < 0.9 * at
    curve = learn_curve(at, verdicts)
    isotonic = IsotonicRegression(y_min=0, y_max=1).fit(at, verdicts.astype(float))
    asked = np.linspace(0.05, 0.95, 50)
    assert np.abs(curve.chances(asked) - isotonic.predict(asked)).max() < 0.03
    assert np.abs(curve.chances(asked) - 0.9 * asked).max() < 0.06


def test_scores_beyond_the_scale_have_the_chance_at_its_ends():
    assert SHIPPED.chance(1.2) == SHIPPED.chance(1)
    assert SHIPPED.chance(-0.1) == SHIPPED.chance(0)
