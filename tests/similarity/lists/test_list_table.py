import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.lists.key_rows import NOBODY
from related.similarity.lists.list_table import NOTHING, ListTable

N_SHARED, WIDTH = 6, 3
changes = st.lists(
    st.tuples(st.integers(0, 5), st.lists(st.integers(0, 20), max_size=4, unique=True)),
    max_size=12,
)


@given(changes, st.booleans())
def test_it_reads_what_was_written_last(changes, is_shared):
    n = N_SHARED if is_shared else 0
    ids = np.arange(n * WIDTH).reshape(n, WIDTH)
    similarities = np.linspace(1, 0.5, n * WIDTH, dtype=np.float32).reshape(n, WIDTH)
    titles = np.stack([similarities, similarities / 2], axis=2)
    shared = ids.copy(), similarities.copy(), titles.copy()
    table = ListTable(*shared)
    for number, (n_more, rows) in enumerate(changes):
        table.grow(len(ids) + n_more)
        ids = np.concatenate([ids, np.full((n_more, WIDTH), NOBODY)])
        similarities = np.concatenate([similarities, np.full((n_more, WIDTH), NOTHING)])
        titles = np.concatenate([titles, np.full((n_more, WIDTH, 2), np.nan)])
        chosen = np.array([row for row in rows if row < len(ids)], np.int64)
        ids[chosen], similarities[chosen], titles[chosen] = 100 + number, 0.25, 0.5
        table.write(chosen, ids[chosen], similarities[chosen], titles[chosen])
        titles[chosen] = number
        table.keep_titles(chosen, titles[chosen])
        for some in (np.arange(len(ids)), chosen):
            read = table.read(some)
            assert read[0].tolist() == ids[some].tolist()
            assert read[1].tolist() == similarities[some].tolist()
            assert table.similarities(some).tolist() == similarities[some].tolist()
            assert np.array_equal(table.titles(some), titles[some], equal_nan=True)
        for key in (0, 7, 100 + number):
            expected = np.flatnonzero((ids == key).any(axis=1)).tolist()
            if expected:
                blocks = np.arange(-(-len(ids) // 4))
                assert table.rows_with(key, blocks, 4, len(expected)).tolist() == expected
    assert shared[0].tolist() == np.arange(n * WIDTH).reshape(n, WIDTH).tolist()


def test_a_shared_list_stays_shared_when_its_titles_are_known():
    one = np.ones((1, 40), np.float32)
    table = ListTable(one.astype(np.int64), one, np.full((1, 40, 2), np.nan, np.float32))
    table.keep_titles(np.array([0]), np.ones((1, 40, 2), np.float32))
    assert len(table._own_ids) == 0


def test_only_changed_lists_take_memory_of_ones_own():
    n = 10_000
    titles = np.ones((n, 40, 2), np.float32)
    table = ListTable(np.zeros((n, 40), np.int64), titles[:, :, 0].copy(), titles.copy())
    rows = np.arange(0, n, 100)
    for _ in range(5):
        ids = np.ones((len(rows), 40), np.int64)
        table.write(rows, ids, titles[rows, :, 0], titles[rows])
    assert len(rows) <= len(table._own_ids) <= 2 * len(rows)
