import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.lists.key_rows import NOBODY
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.lists.where_listed import N_COUNTERS, N_HASHES, ROWS_PER_BLOCK, WhereListed

N_ROWS = 12 * ROWS_PER_BLOCK
# Some that share their last bits with others.
KEYS = [1, 2, 3, 1 + N_HASHES, 1 + N_COUNTERS, 2 + 5 * N_COUNTERS]
lists = st.lists(st.sampled_from(KEYS), max_size=3, unique=True)
changes = st.lists(st.dictionaries(st.integers(0, N_ROWS - 1), lists, max_size=5), max_size=12)


@given(changes)
def test_a_key_stands_nowhere_else(changes):
    table = np.full((N_ROWS, 3), NOBODY)
    where = WhereListed()
    for change in changes:
        rows = np.array(sorted(change), np.int64)
        after = np.full((len(rows), 3), NOBODY)
        for place, row in enumerate(sorted(change)):
            after[place, : len(change[row])] = change[row]
        where.replace(rows, table[rows], after)
        table[rows] = after
        for key in KEYS:
            in_rows = np.flatnonzero((table == key).any(axis=1))
            assert len(in_rows) <= where.most(key)
            assert set(in_rows // ROWS_PER_BLOCK) <= set(where.blocks_with(key))


def test_only_blocks_that_a_key_came_to_are_named():
    where = WhereListed()
    nothing = np.full((1, 2), NOBODY)
    where.replace(np.array([0]), nothing, np.array([[7, NOBODY]]))
    where.replace(np.array([9 * ROWS_PER_BLOCK]), nothing, np.array([[8, 7]]))
    assert where.blocks_with(7).tolist() == [0, 9]
    assert where.blocks_with(8).tolist() == [9]
    assert where.blocks_with(9).tolist() == []
    where.replace(np.array([0]), np.array([[7, NOBODY]]), nothing)
    assert (where.most(7), where.most(8), where.most(9)) == (1, 1, 0)
    assert where.blocks_with(7).tolist() == [0, 9]


def test_a_bit_that_is_set_is_not_written_again():
    """Else the page of a file that all processes share would become this one's own."""
    where = WhereListed()
    row, key = np.array([3]), np.array([[7]])
    where.replace(row, np.array([[NOBODY]]), key)
    where.blocks.setflags(write=False)
    where.replace(row, np.array([[NOBODY]]), key)
    assert where.most(7) == 2


def test_a_withdrawal_finds_all_lists_after_a_restart(tmp_path):
    random = np.random.default_rng(3)
    lists = NeighborLists(5)
    for key in range(2000):
        lists.set(key, random.choice(5000, 5, replace=False), np.full(5, 0.5, np.float32))
    lists.save(tmp_path)
    lists = NeighborLists.load(tmp_path)
    for key in range(2000, 4000):  # more than there was room for
        lists.set(key, random.choice(5000, 5, replace=False), np.full(5, 0.5, np.float32))
    for key in range(0, 5000, 97):
        ids, _ = lists.tables(range(4000))
        expected = np.flatnonzero((ids == key).any(axis=1)).tolist()
        assert sorted(lists.withdraw(key)) == expected
        ids, _ = lists.tables(range(4000))
        assert not (ids == key).any()


def test_a_new_document_is_withdrawn_without_looking_through_the_lists():
    random = np.random.default_rng(4)
    n = 50_000
    lists = NeighborLists(5)
    lists.set_many(
        np.arange(n),
        np.full(n, 5),
        random.integers(0, n, 5 * n),
        np.full(5 * n, 0.5, np.float32),
        np.ones(n, np.bool_),
    )

    def seconds(keys: range) -> float:
        """The quickest of some withdrawals."""
        times = []
        for key in keys:
            started = time.perf_counter()
            lists.withdraw(key)
            times.append(time.perf_counter() - started)
        return min(times)

    lists.withdraw(n - 1)  # what is compiled, is compiled
    assert seconds(range(n, n + 20)) < seconds(range(20)) / 5
