import json

import numpy as np
import pytest

from related.similarity.learned_order import FEATURES, LearnedOrder, features_of, learn_order


def decisions(n, seed=1):
    """Editors who like what stands in titles, beyond what the score says of it."""
    random = np.random.default_rng(seed)
    features = random.random((n, len(FEATURES)))
    scores = features[:, 0]
    odds = (scores / 0.4) ** 2 * np.where(features[:, 1] > 0.5, 6, 1 / 6)
    return features, scores, random.random(n) < odds / (1 + odds)


def test_what_editors_like_beyond_the_score_is_raised():
    learned = learn_order(*decisions(4000))
    features, _, _ = decisions(500, seed=2)
    liked = features[:, 1] > 0.5
    factors = learned.factors(features)
    assert np.median(factors[liked]) > 1.3
    assert np.median(factors[~liked]) < 0.8


def test_where_nothing_is_to_be_learned_little_changes():
    random = np.random.default_rng(3)
    features = random.random((4000, len(FEATURES)))
    scores = features[:, 0]
    odds = (scores / 0.4) ** 2
    learned = learn_order(features, scores, random.random(4000) < odds / (1 + odds))
    assert np.abs(np.log(learned.factors(features))).mean() < 0.15


def test_it_is_plain_numbers_and_comes_back_as_it_was():
    features, scores, approved = decisions(1000)
    learned = learn_order(features, scores, approved)
    stored = json.loads(json.dumps(learned.as_json()))
    again = LearnedOrder.from_json(stored)
    np.testing.assert_array_equal(again.factors(features), learned.factors(features))
    assert LearnedOrder.from_json(stored | {"features": ["similarity"]}) is None


def test_lists_of_lists_keep_their_shape():
    learned = learn_order(*decisions(1000))
    features, _, _ = decisions(12)
    table = learned.factors(features.reshape(3, 4, -1))
    np.testing.assert_array_equal(table.ravel(), learned.factors(features))
    assert learned.factors(np.empty((0, 40, len(FEATURES)))).shape == (0, 40)


def test_trees_agree_with_scikit_learn():
    from sklearn.tree import DecisionTreeRegressor

    from related.similarity.learned_order import LEARNING_RATE, _as_numbers, _walk

    features, _, approved = decisions(800)
    tree = DecisionTreeRegressor(max_depth=3, random_state=1).fit(features, approved.astype(float))
    np.testing.assert_allclose(
        _walk(_as_numbers(tree.tree_), features), LEARNING_RATE * tree.predict(features)
    )


@pytest.mark.parametrize("verdicts", [[True] * 100, [False] * 100])
def test_one_verdict_teaches_nothing(verdicts):
    features, scores, _ = decisions(100)
    assert learn_order(features, scores, np.array(verdicts)) is None


def test_a_score_that_says_nothing_is_not_corrected():
    features, scores, _ = decisions(400)
    assert learn_order(features, scores, scores < 0.5) is None


def test_features_are_those_of_the_score_and_its_place_in_the_list():
    similarities = np.array([[0.4, 0.2, 0.0]])
    hubs = np.array([[0.1, np.nan, 0.2]])
    found = features_of(
        similarities=similarities,
        with_text=similarities / 2,
        with_title=similarities / 4,
        hubs=hubs,
        typical_hub=0.1,
        log_closeness=np.zeros((1, 3)),
        relevances=similarities,
    )
    assert found.shape == (1, 3, len(FEATURES))
    assert found[0, 0].tolist() == pytest.approx([0.4, 0.2, 0.1, 1, 0, 0])
    assert found[0, 1].tolist() == pytest.approx([0.2, 0.1, 0.05, 1, 0, np.log(0.5)])
    assert found[0, 2, 3] == 2
    assert np.isfinite(found).all()
