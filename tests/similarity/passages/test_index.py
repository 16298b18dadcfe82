"""The index of passages: never a document too few, also after it was written to files."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.passages.index import FEW, PassageIndex

TEXTS = st.dictionaries(st.integers(1, 50), st.sets(st.integers(0, 2**32 - 1), max_size=5))


def as_array(passages: set[int]) -> np.ndarray:
    return np.array(sorted(passages), np.uint32)


@given(st.lists(TEXTS, max_size=5), st.booleans())
def test_it_names_all_documents(batches: list[dict[int, set[int]]], is_large: bool) -> None:
    index = PassageIndex()
    expected: dict[int, set[int]] = defaultdict(set)
    if is_large:
        index.put([99], [np.arange(2**31, 2**31 + FEW + 1, dtype=np.uint32)])
    for batch in batches:
        index.put(batch, [as_array(passages) for passages in batch.values()])
        for key, passages in batch.items():
            for passage in passages:
                expected[passage].add(key)
    found = index.documents(as_array(set(expected)))
    assert {p: set(keys) - {99} for p, keys in found.items()} == expected
    assert all(keys == sorted(keys) for keys in found.values())


def test_files_hold_what_it_holds_and_more_can_come(tmp_path: Path) -> None:
    index = PassageIndex()
    index.put([1, 2], [as_array({1, 2}), as_array({2, 3})])
    index.put([2], [as_array({3, 4})])
    index.save(tmp_path)
    for loaded in (index, PassageIndex.load(tmp_path)):
        loaded.put([3], [as_array({4})])
        found = loaded.documents(as_array({1, 2, 3, 4, 5}))
        assert list(found.values()) == [[1], [1, 2], [2], [2, 3], []]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    PassageIndex().save(tmp_path)
    np.save(tmp_path / "passages.keys.npy", np.zeros(3, np.int64))
    with pytest.raises(ValueError, match="do not fit together"):
        PassageIndex.load(tmp_path)
