"""A correction of the score that a site's own decisions teach: boosted trees, kept as numbers.

It starts from the score, so where nothing was learned it changes nothing. With the log-odds of an
approval at ``slope * log(score)`` and the trees' sum on top, the score that alone would have the
same odds is

    score * exp(sum of trees / slope)

which stays on the scale of scores: minimum scores and strength keep their meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FEATURES = ("similarity", "with_text", "with_title", "hub", "log_closeness", "relative")

# Few, small and slow: measured by benchmarks/learned_order.py, where more of anything is worse.
N_TREES = 40
DEPTH = 3
LEARNING_RATE = 0.05
LEAST_IN_A_LEAF = 50
SUBSAMPLE = 0.7
SEED = 1
LEAST_SCORE = 1e-4  # its logarithm is taken

Floats = NDArray[np.floating]
Tree = dict[str, list[Any]]  # node by node: feature (-1 in a leaf), threshold, left, right, value


@dataclass(frozen=True, slots=True)
class LearnedOrder:
    """Trees of at most ``DEPTH`` decisions, and how steeply the odds follow the score."""

    slope: float
    trees: tuple[Tree, ...]

    def factors(self, features: Floats) -> NDArray[np.float64]:
        """What each score is multiplied by; features of any shape [..., len(FEATURES)]."""
        flat = features.reshape(-1, len(FEATURES))
        total = np.zeros(len(flat))
        for tree in self.trees:
            total += _walk(tree, flat)
        found: NDArray[np.float64] = np.exp(total / self.slope).reshape(features.shape[:-1])
        return found

    def as_json(self) -> dict[str, Any]:
        return {"features": list(FEATURES), "slope": self.slope, "trees": list(self.trees)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> LearnedOrder | None:
        """None where it was learned from other features than this release has."""
        if stored.get("features") != list(FEATURES):
            return None
        return cls(float(stored["slope"]), tuple(stored["trees"]))


def features_of(
    *,
    similarities: Floats,
    with_text: Floats,
    with_title: Floats,
    hubs: Floats,
    typical_hub: float,
    log_closeness: Floats,
    relevances: Floats,
) -> NDArray[np.float64]:
    """The parts of the score, and the score beside the best of the same list; [n, k, FEATURES]."""
    best = np.maximum(relevances.max(axis=-1, keepdims=True, initial=0), LEAST_SCORE)
    relative = np.log(np.maximum(relevances, LEAST_SCORE) / best)
    hub = np.where(np.isnan(hubs), typical_hub, hubs) / max(typical_hub, LEAST_SCORE)
    columns = [similarities, with_text, with_title, hub, log_closeness, relative]
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=-1)


def learn_order(
    features: Floats, scores: Floats, approved: NDArray[np.bool_]
) -> LearnedOrder | None:
    """Newton boosting of the log-odds from those of the score alone.

    None where the score itself does not tell approved from rejected: nothing to correct then.

    Args:
        features: [decisions, FEATURES]; scores and verdicts are aligned with them.
    """
    from sklearn.linear_model import LogisticRegression  # imported late: a second
    from sklearn.tree import DecisionTreeRegressor

    if approved.all() or not approved.any():
        return None
    log_scores = np.log(np.maximum(scores, LEAST_SCORE))
    by_score = LogisticRegression(C=1e6).fit(log_scores[:, None], approved)
    slope = float(by_score.coef_[0, 0])
    if slope <= 0:
        return None
    log_odds = by_score.decision_function(log_scores[:, None])
    random = np.random.default_rng(SEED)
    trees = []
    for _ in range(N_TREES):
        chances = 1 / (1 + np.exp(-log_odds))
        weights = np.maximum(chances * (1 - chances), 1e-6)
        drawn = random.random(len(scores)) < SUBSAMPLE
        fitted = DecisionTreeRegressor(
            max_depth=DEPTH, min_samples_leaf=LEAST_IN_A_LEAF, random_state=SEED
        ).fit(
            features[drawn],
            ((approved - chances) / weights)[drawn],
            sample_weight=weights[drawn],
        )
        tree = _as_numbers(fitted.tree_)
        trees.append(tree)
        log_odds += _walk(tree, features)
    return LearnedOrder(slope, tuple(trees))


def _as_numbers(tree: Any) -> Tree:
    """scikit-learn's public arrays of a tree, with the learning rate in its leaves."""
    is_leaf = tree.children_left < 0
    return {
        "feature": np.where(is_leaf, -1, tree.feature).tolist(),
        "threshold": np.where(is_leaf, 0.0, tree.threshold).tolist(),
        "left": tree.children_left.tolist(),
        "right": tree.children_right.tolist(),
        "value": (LEARNING_RATE * tree.value[:, 0, 0]).tolist(),
    }


def _walk(tree: Tree, features: Floats) -> NDArray[np.float64]:
    """The value of the leaf that each row comes to. As scikit-learn does, in single precision."""
    feature, left, right = (np.array(tree[name]) for name in ("feature", "left", "right"))
    threshold, value = np.array(tree["threshold"]), np.array(tree["value"], np.float64)
    rows = np.arange(len(features))
    nodes = np.zeros(len(features), np.int64)
    singles = features.astype(np.float32)
    for _ in range(DEPTH):
        is_inner = feature[nodes] >= 0
        goes_left = singles[rows, feature[nodes]] <= threshold[nodes]
        nodes = np.where(is_inner, np.where(goes_left, left[nodes], right[nodes]), nodes)
    found: NDArray[np.float64] = value[nodes]
    return found
