"""The compiled loop of the lists finds what the reference finds."""

import numpy as np
import pytest

from related.similarity.lists import loops
from tests.similarity import reference_loops


@pytest.mark.parametrize("way", [loops, reference_loops])
@pytest.mark.parametrize("n_shared", [0, 3, 5])
def test_rows_with_a_key(way, n_shared):
    """Rows lie in either of two tables, and a row that moved has left another list behind."""
    lists = np.array([[1, 2], [3, 4], [2, 5], [6, 2], [7, 8]], np.int64)
    shared = lists[:n_shared].copy()
    places = np.arange(5, dtype=np.int32)
    own = lists[n_shared:]
    if n_shared:
        places[1] = 5
        own = np.concatenate([own, lists[1:2]])
        shared[1] = 2

    def rows_with(key, n_rows, blocks):
        where = np.array(blocks, np.int64)
        return way.rows_with(shared, own, places, where, 2, key, n_rows).tolist()

    assert rows_with(2, 3, [0, 1, 2]) == [0, 2, 3]
    assert rows_with(3, 1, [0, 1]) == [1]
    assert rows_with(2, 3, [1, 2]) == [2, 3]
    assert rows_with(2, 1, [0, 1]) == [0]
    assert rows_with(8, 1, [0, 1, 2, 3]) == [4]  # the last block may be cut, or not be there
    assert rows_with(2, 3, []) == rows_with(9, 2, [0, 1, 2]) == []
