"""What lists say of a corpus."""

import numpy as np
import pytest

from related.similarity.lists.neighbors import NeighborLists
from related.similarity.order.statistics import ListStatistics
from related.similarity.order.time_curve import TimeCurve, count_days


def made_up(n: int) -> tuple[NeighborLists, np.ndarray, np.ndarray]:
    """Documents in a row, two days apart; each has the next 40 keys around it in its list."""
    keys = np.arange(n) * 3 + 1
    lists = NeighborLists(40)
    for place, key in enumerate(keys.tolist()):
        distance = np.abs(np.arange(n) - place)
        order = np.argsort(distance, kind="stable")[1:41]
        lists.set(key, keys[order], (1 / (1 + distance[order])).astype(np.float32))
    return lists, keys, np.arange(n) * 2.0


@pytest.mark.parametrize("at_once", [7, 20_000])
def test_close_pairs_are_in_each_others_first_two_places(at_once):
    lists, keys, published = made_up(100)
    found = ListStatistics.learn(lists, keys, published, at_once=at_once)

    close, far = [], []
    for key in keys.tolist():
        ids, _ = lists.get(key)
        mutual = [i for i in ids[:2].tolist() if key in lists.get(i)[0][:2].tolist()]
        close += [2 * abs((other - key) // 3) for other in mutual]
        far += [2 * abs((other - key) // 3) for other in ids[20:].tolist()]
    assert found.time_curve == TimeCurve.learn(
        count_days(np.array(close)), count_days(np.array(far))
    )
    assert found.typical_hub == pytest.approx(np.median(lists.hubs(keys.tolist())))


def test_unknown_dates_and_foreign_neighbors_teach_nothing():
    lists, keys, published = made_up(100)
    published[::2] = np.nan
    lists.set(int(keys[0]), np.array([999_999]), np.array([0.5], np.float32))
    found = ListStatistics.learn(lists, keys, published)
    assert np.isfinite(found.time_curve.log_ratios).all()
    nothing = ListStatistics.learn(lists, keys, np.full(100, np.nan))
    assert nothing.time_curve == TimeCurve()


def test_an_empty_corpus_knows_nothing():
    nothing = ListStatistics.learn(NeighborLists(40), np.empty(0, np.int64), np.empty(0))
    assert nothing == ListStatistics()
