import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from related.similarity.calibration import brier_score, reliability


def test_brier_and_reliability_agree_with_scikit_learn():
    random = np.random.default_rng(1)
    chances = random.random(500)
    outcomes = random.random(500) < chances**2
    assert brier_score(chances, outcomes) == pytest.approx(brier_score_loss(outcomes, chances))
    came_true, said = calibration_curve(outcomes, chances, n_bins=10)
    bins = reliability(chances, outcomes)
    assert [each.said for each in bins] == pytest.approx(said.tolist())
    assert [each.came_true for each in bins] == pytest.approx(came_true.tolist())
    assert sum(each.n for each in bins) == 500


def test_empty_tenths_are_left_out_and_1_is_in_the_last():
    bins = reliability(np.array([1.0, 0.95, 0.0]), np.array([True, False, False]))
    assert [(each.low, each.n, each.came_true) for each in bins] == [(0, 1, 0), (0.9, 2, 0.5)]
