"""Closeness in time, learned from archives whose rhythm is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.order.time_curve import EDGES, TimeCurve, count_days

DAYS = np.array([0, 0.5, 2, 10, 100, 1000, 5000.0])


def test_days_fall_into_their_bins():
    days = np.array([0, 0.9, -1, 3, 959, 960, 1e5, np.nan])
    counts = count_days(days)
    assert counts.sum() == 7
    assert counts[[0, 1, 2, 9, 10]].tolist() == [2, 1, 1, 1, 2]


def test_by_hand():
    close, others = np.zeros((2, len(EDGES)), np.int64)
    close[0], close[1:3] = 300, 10
    others[:] = 989, *[999] * 10
    usual = (others + 1) / (others.sum() + 11)
    ratio = (close + 100 * usual) / (close.sum() + 100) / usual
    curve = TimeCurve.learn(close, others)
    # The last eight bins are alike; nothing had to be evened out.
    expected = np.log(ratio / ratio[0])
    assert curve.log_ratios == pytest.approx(expected)
    assert curve.log_closeness(np.array([0.5]))[0] == pytest.approx(0)
    assert curve.log_closeness(np.array([1e6]))[0] == pytest.approx(expected[-1])
    assert curve.log_closeness(np.array([np.nan]))[0] == pytest.approx(expected.mean())


@pytest.mark.parametrize("n_others", [0, 50, 99])
def test_an_archive_too_small_to_know_what_is_usual_has_a_flat_curve(n_others):
    close = np.array([50, *[5] * 10])
    others = np.array([n_others, *[0] * 10])
    assert TimeCurve.learn(close, others) == TimeCurve()
    assert TimeCurve().log_closeness(DAYS).tolist() == [0] * len(DAYS)


def test_an_archive_that_knows_no_time_has_a_nearly_flat_curve():
    random = np.random.default_rng(3)
    days = random.exponential(200, 40_000)
    curve = TimeCurve.learn(count_days(days[:5000]), count_days(days[5000:]))
    assert min(curve.log_ratios) > -0.5


def test_news_that_follows_itself_up_has_a_steep_one():
    random = np.random.default_rng(4)
    close, others = random.exponential(2, 2000), random.uniform(0, 3000, 40_000)
    curve = TimeCurve.learn(count_days(close), count_days(others))
    assert curve.log_closeness(np.array([700.0]))[0] < -4


histograms = st.lists(st.integers(0, 500), min_size=len(EDGES), max_size=len(EDGES)).map(np.array)


@given(histograms, histograms)
def test_it_never_rises_and_begins_at_0(close, others):
    found = TimeCurve.learn(close, others).log_closeness(DAYS)
    assert found[0] == 0
    assert (np.diff(found) <= 1e-12).all()
