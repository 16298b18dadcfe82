import numpy as np
import pytest
from scipy.stats import bootstrap

from related.similarity.intervals import NUMBERS_AT_ONCE, bootstrap_interval, paired_difference


def test_an_interval_agrees_with_scipy():
    values = np.random.default_rng(1).beta(1, 2, 300)
    ours = bootstrap_interval(values)
    theirs = bootstrap(
        (values,), np.mean, method="percentile", n_resamples=2000, rng=np.random.default_rng(2)
    ).confidence_interval
    assert ours.mean == pytest.approx(values.mean())
    assert ours.low == pytest.approx(theirs.low, abs=0.003)
    assert ours.high == pytest.approx(theirs.high, abs=0.003)


def test_the_same_values_give_the_same_interval():
    values = np.random.default_rng(1).random(50)
    assert bootstrap_interval(values) == bootstrap_interval(values)
    assert bootstrap_interval(values, seed=1) != bootstrap_interval(values, seed=2)


def test_many_values_are_drawn_a_few_resamples_at_a_time():
    values = np.random.default_rng(1).random(NUMBERS_AT_ONCE // 3)
    interval = bootstrap_interval(values, n_resamples=7)
    assert interval.low < values.mean() < interval.high
    assert interval.high - interval.low < 0.01


def test_more_confidence_is_a_wider_interval():
    values = np.random.default_rng(1).random(50)
    wide, narrow = bootstrap_interval(values), bootstrap_interval(values, confidence=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_a_paired_difference_is_surer_than_either_mean():
    random = np.random.default_rng(1)
    difficulty = random.random(200)
    ours, theirs = difficulty + 0.02 + random.normal(0, 0.02, 200), difficulty
    assert bootstrap_interval(ours).low < bootstrap_interval(theirs).mean
    difference = paired_difference(ours, theirs)
    assert difference.is_above_zero
    assert difference.mean == pytest.approx(0.02, abs=0.005)


def test_nothing_differs_from_itself():
    difference = paired_difference([0.1, 0.9, 0.4], [0.1, 0.9, 0.4])
    assert (difference.mean, difference.low, difference.high) == (0, 0, 0)
    assert not difference.is_above_zero


def test_one_query_says_nothing():
    single = bootstrap_interval([0.7])
    assert (single.low, single.high) == (0, 1)
    difference = paired_difference([0.7], [0.1])
    assert (difference.low, difference.high) == (-1, 1)


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(ValueError, match="no mean"):
        bootstrap_interval([])
    with pytest.raises(ValueError, match="2 values cannot be paired with 1"):
        paired_difference([1, 2], [1])
