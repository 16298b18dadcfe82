"""Stories: found anew by the sketches alone, joined by newcomers, kept in files."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.stories.grouping import find_stories
from related.similarity.stories.overlap import as_rows
from related.similarity.stories.stories import Stories
from related.similarity.text.analysis import analyze_text
from related.similarity.text.sketches import Sketch
from tests.similarity.stories.texts import FORMS, versions


def sketch(text: str) -> Sketch:
    return analyze_text("", text, "en").sketch


def moving(n: int, *, words: int = 60, step: int = 12) -> list[Sketch]:
    """Versions that each lose the oldest words and add new ones: the last repeats none of the
    first."""
    return [sketch(" ".join(f"w{i}" for i in range(n * step, n * step + words))) for n in range(n)]


def array(*keys: int) -> np.ndarray:
    return np.array(keys, np.int64)


def partition(keys: np.ndarray, stories: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(keys[stories == story].tolist()) for story in set(stories.tolist())}


def test_versions_of_versions_are_one_story_and_forms_are_many():
    sketches = [*moving(50), *(sketch(t) for form in FORMS.values() for t in form.values())]
    keys = np.arange(len(sketches))
    groups = partition(keys, find_stories(keys, as_rows(sketches)))
    assert frozenset(range(50)) in groups
    assert len(groups) == 1 + len(sketches) - 50


@given(st.randoms(use_true_random=False))
def test_stories_do_not_depend_on_the_order_of_documents(random):
    sketches = [*moving(6), *map(sketch, versions().values()), sketch(""), sketch("")]
    keys = np.arange(len(sketches)) * 7 + 3
    order = list(range(len(keys)))
    random.shuffle(order)
    found = find_stories(keys[order], as_rows([sketches[i] for i in order]))
    assert found.tolist() == find_stories(keys, as_rows(sketches))[order].tolist()
    assert len(partition(keys[order], found)) == 4  # the last two tell nothing


def test_a_passage_that_hundreds_repeat_takes_no_more_time_than_one_of_two():
    stub = "Subscribe now to read the full report on our website every single morning."
    own = [" ".join(f"own{n}x{i}" for i in range(40)) for n in range(3000)]
    keys = np.arange(3000)
    found = find_stories(keys, as_rows([sketch(f"{text} {stub}") for text in own]))
    assert len(set(found.tolist())) == 3000


def test_newcomers_join_what_they_repeat_as_a_rebuild_finds():
    stories = Stories()
    sketches = [*moving(9), *(sketch(t) for form in FORMS.values() for t in form.values())]
    for key, one in enumerate(sketches):
        stories.join(key, one, np.arange(key))
    keys = np.arange(len(sketches))
    joined = stories.of(keys)
    stories.regroup()
    assert stories.of(keys).tolist() == joined.tolist()
    assert stories.members(0).tolist() == list(range(9))


def test_a_newcomer_joins_the_story_that_it_repeats_most():
    a, b = " ".join(f"a{i}" for i in range(60)), " ".join(f"b{i}" for i in range(60))
    stories = Stories()
    stories.join(1, sketch(a), array())
    stories.join(2, sketch(b), array(1))
    stories.join(3, sketch(f"{b} {a[:120]}"), array(1, 2, 99))
    assert stories.members(3).tolist() == [2, 3]


def test_a_text_rewritten_leaves_its_story_though_it_began_it():
    old, new = versions()["first"], " ".join(f"new{i}" for i in range(60))
    stories = Stories()
    stories.join(1, sketch(old), array())
    stories.join(2, sketch(old + " More soon."), array(1))
    stories.join(1, sketch(new), array(2))
    assert stories.members(1).tolist() == [1]
    assert stories.members(2).tolist() == [2]
    stories.join(3, sketch(new), array(1, 2))
    assert stories.members(3).tolist() == [1, 3]


def test_what_is_removed_or_unknown_is_in_no_story():
    stories = Stories()
    assert stories.of(array(4)).tolist() == [~4]
    stories.put([1, 2], [sketch(versions()["first"])] * 2)
    assert stories.members(1).tolist() == [1, 2]
    stories.remove(1)
    stories.remove(77)
    assert stories.members(2).tolist() == [2]
    assert stories.members(1).tolist() == []
    assert len(stories) == 1


def test_stories_are_told_as_they_were_stored():
    sketches = [sketch(""), *moving(4)]
    stories = Stories()
    stories.put(range(5), sketches)
    assert stories.joined()[0].tolist() == []
    stories.regroup()
    keys, names = stories.joined()
    assert keys.tolist() == [2, 3, 4]
    others = Stories()
    others.put(range(5), sketches)
    others.tell(np.append(keys, 99), np.append(names, 5))
    assert others.of(np.arange(5)).tolist() == stories.of(np.arange(5)).tolist()


def test_files_hold_what_was_saved_and_changes_stay_in_memory(tmp_path):
    stories = Stories()
    stories.put(range(100), moving(100))
    stories.regroup()
    stories.remove(50)
    stories.save(tmp_path)
    loaded = Stories.load(tmp_path)
    keys = np.arange(120)
    assert loaded.of(keys).tolist() == stories.of(keys).tolist()
    for key in (3, 50, 100, 101):
        loaded.join(key, sketch(versions()["first"]), array(1, 2, 3, 50, 100))
    assert loaded.members(3).tolist() == [3, 50, 100, 101]
    assert Stories.load(tmp_path).of(keys).tolist() == stories.of(keys).tolist()
    assert len(Stories.load(tmp_path)) == 99


@pytest.mark.parametrize("name", ["keys", "sketches", "stories"])
def test_files_that_do_not_fit_together_are_named(tmp_path, name):
    stories = Stories()
    stories.put(range(3), moving(3))
    stories.save(tmp_path)
    path = tmp_path / f"stories.{name}.npy"
    np.save(path, np.load(path)[:2])
    with pytest.raises(ValueError, match="do not fit together"):
        Stories.load(tmp_path)
