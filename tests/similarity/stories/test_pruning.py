"""At most three of a story in a list, the same list in whatever order documents come."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.stories.nearest import nearest_stories
from related.similarity.stories.pruning import are_crowded, pruned
from related.similarity.stories.stories import Stories
from related.similarity.text.analysis import analyze_text

OWNER = 1000
N = 6
# By key: (story, similarity in tenths).
documents = st.dictionaries(
    st.integers(0, 40), st.tuples(st.integers(0, 3), st.integers(1, 9)), max_size=30
)


def in_order(documents: dict[int, tuple[int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = sorted(documents.items(), key=lambda row: (-row[1][1], -row[0]))
    keys = np.array([key for key, _ in rows], np.int64)
    stories = np.array([story for _, (story, _) in rows], np.int64)
    return keys, np.array([s / 10 for _, (_, s) in rows], np.float32), stories


def simply_pruned(documents: dict[int, tuple[int, int]], n: int = N) -> list[int]:
    keys, _, stories = in_order(documents)
    kept: list[int] = []
    for key, story in zip(keys.tolist(), stories.tolist(), strict=True):
        if sum(documents[other][0] == story for other in kept) < 3:
            kept.append(key)
    return kept[:n]


@given(documents)
def test_the_fourth_of_a_story_is_left_out(documents):
    keys, similarities, stories = in_order(documents)
    kept, values = pruned((keys, similarities), stories, N)
    assert kept.tolist() == simply_pruned(documents)
    assert values.tolist() == similarities[np.isin(keys, kept)].tolist()


@given(st.lists(documents, max_size=4))
def test_lists_that_hold_the_fourth_of_a_story_are_known(many):
    width = max((len(one) for one in many), default=0) + 4
    similarities, stories = np.zeros((len(many), width), np.float32), np.full((len(many), width), 7)
    for row, one in enumerate(many):
        _, similarities[row, : len(one)], stories[row, : len(one)] = in_order(one)
    expected = [len(simply_pruned(one, width)) < len(one) for one in many]
    assert are_crowded(stories, similarities).tolist() == expected


@given(documents, st.randoms(use_true_random=False))
def test_a_list_takes_documents_one_by_one_as_all_at_once(documents, random):
    """In any order, from a list that has seen some of them already."""
    order = list(documents)
    random.shuffle(order)
    n_seen = random.randrange(len(order) + 1)
    seen = {key: documents[key] for key in order[:n_seen]}
    lists = NeighborLists(N, refill_below=0)
    keys, similarities, stories = in_order(seen)
    kept = pruned((keys, similarities), stories, N)
    lists.set(OWNER, *kept, is_complete=len(kept[0]) < N)
    for key in order[n_seen:]:
        seen[key] = documents[key]
        versions = np.array([k for k, row in seen.items() if row[0] == documents[key][0]])
        lists.update(key, [OWNER], [documents[key][1] / 10], versions)
    assert lists.get(OWNER)[0].tolist() == simply_pruned(documents)


@given(documents, st.integers(0, 40))
def test_a_list_that_may_have_left_out_a_version_says_so(documents, leaving):
    keys, similarities, stories = in_order(documents)
    lists = NeighborLists(N, refill_below=0)
    kept = pruned((keys, similarities), stories, N)
    lists.set(OWNER, *kept, is_complete=len(kept[0]) < N)
    if leaving not in documents:
        return
    story = documents[leaving][0]
    versions = np.array(sorted(k for k, row in documents.items() if row[0] == story))
    crowded = lists.crowded_with(leaving, versions)
    lists.withdraw(leaving)
    left = {key: row for key, row in documents.items() if key != leaving}
    listed = lists.get(OWNER)[0].tolist()
    if not crowded:
        assert listed == simply_pruned(left)[: len(listed)]
    else:
        assert sum(key in versions for key in kept[0].tolist()) == 3


def test_the_lists_in_which_a_story_has_all_its_places_are_known() -> None:
    lists = NeighborLists(N)
    listed = {100: [1, 2, 3, 9], 101: [1, 9], 102: [8, 4, 3, 2], 1: [2, 3, 4]}
    for owner, keys in listed.items():
        lists.set(owner, np.array(keys), np.linspace(0.9, 0.5, len(keys), dtype=np.float32))
    assert lists.crowded(np.array([1, 2, 3, 4])) == [100, 102]
    assert lists.crowded(np.array([1, 2, 3])) == []  # none can have been left out


def test_a_search_looks_further_where_versions_take_all_places():
    report = " ".join(f"word{n}" for n in range(60))
    texts = {n: f"{report} version{n}" for n in range(200)}
    texts |= {n: f"word1 word9 background of kind{n} and {n}" for n in range(500, 530)}
    analyzed = {key: analyze_text("", text, "xx") for key, text in texts.items()}
    index = Index(TermStatistics.from_counts([one.counts for one in analyzed.values()]))
    index.put(list(analyzed), [one.counts for one in analyzed.values()])
    stories = Stories()
    stories.put(list(analyzed), [one.sketch for one in analyzed.values()])
    stories.regroup()
    (keys, _), is_complete = nearest_stories(index, stories, 7, n_neighbors=20, n_candidates=25)
    assert len(keys) == 20
    assert (keys < 200).sum() == 3
    assert not is_complete
    (keys, _), is_complete = nearest_stories(index, stories, 7, n_neighbors=40, n_candidates=25)
    assert sorted(keys[keys >= 500].tolist()) == list(range(500, 530))
    assert len(keys) == 33
    assert is_complete
