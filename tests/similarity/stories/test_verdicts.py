"""Stories as editors want them: words before likenesses, the latest word first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.similarity.stories.overlap import as_rows
from related.similarity.stories.stories import Stories
from related.similarity.stories.verdicts import grouped, retold
from tests.similarity.stories.test_overlap import numbered, sketch

A, B, C, D, E = 10, 20, 30, 40, 50
# A, B and C are versions, each of the next; D and E are alone.
TEXTS = {A: (0, 60), B: (6, 66), C: (24, 84), D: (500, 560), E: (900, 960)}


def stories(keys: Any = TEXTS) -> Stories:
    made = Stories()
    made.put(list(keys), [sketch(numbered(*TEXTS[key])) for key in keys])
    return made


def told(made: Stories, said: Any = ()) -> list[list[int]]:
    made.regroup(said)
    keys = np.array(sorted(TEXTS))
    return parts(keys, made.of(keys))


def parts(keys: Any, names: Any) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for key, name in zip(keys.tolist(), names.tolist(), strict=True):
        groups.setdefault(name, []).append(key)
    return sorted(groups.values())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], [[A, B, C], [D], [E]]),
        ([(C, D, True)], [[A, B, C, D], [E]]),
        ([(A, C, False)], [[A, B], [C], [D], [E]]),
        ([(A, B, False)], [[A], [B, C], [D], [E]]),
        ([(A, B, False), (A, C, False), (B, C, False)], [[A], [B], [C], [D], [E]]),
        ([(D, E, True), (E, A, True)], [[A, B, C, D, E]]),
        # The latest word, which stands first, wins over a chain of older ones.
        ([(A, E, False), (A, D, True), (D, E, True)], [[A, B, C, D], [E]]),
        ([(A, D, True), (D, E, True), (A, E, False)], [[A, B, C, D, E]]),
        ([(A, 77, True)], [[A, B, C], [D], [E]]),  # one that left the corpus
    ],
)
def test_what_editors_said_goes_before_the_texts(said: Any, expected: Any) -> None:
    assert told(stories(), said) == expected
    stored = stories()  # as a worker reads what another one found
    found = stories()
    found.regroup(said)
    stored.begin_anew()
    stored.tell(*found.joined())
    assert parts(np.array(sorted(TEXTS)), stored.of(np.array(sorted(TEXTS)))) == expected
    made = stories()
    made.regroup()
    changed = [key for key, _, _ in made.retell(said)]
    keys = np.array(sorted(TEXTS))
    assert parts(keys, made.of(keys)) == expected
    assert bool(changed) == (expected != [[A, B, C], [D], [E]])


def test_of_equal_texts_that_were_parted_each_keeps_a_name_of_its_own() -> None:
    made = Stories()
    same = sketch(numbered(0, 60))
    made.put([A, B], [same, same])
    said = [(A, B, False)]
    made.regroup(said)
    assert len(set(made.of(np.array([A, B])).tolist())) == 2
    for key, other in ((A, B), (B, A), (A, B)):  # each is edited, and finds the other
        made.remove(key)
        made.join(key, same, np.array([other]))
        assert len(set(made.of(np.array([A, B])).tolist())) == 1
        list(made.retell(said))
        assert len(set(made.of(np.array([A, B])).tolist())) == 2


def test_the_greater_part_keeps_its_number() -> None:
    made = stories()
    made.regroup()
    before = made.of(np.array([A, B, C]))
    assert [key for key, _, _ in made.retell([(A, B, False), (A, C, False)])] == [A]
    assert made.of(np.array([B, C])).tolist() == before[1:].tolist()


@given(
    st.lists(
        st.tuples(st.sampled_from(range(8)), st.sampled_from(range(8)), st.booleans()),
        max_size=12,
    )
)
def test_a_word_holds_unless_later_ones_speak_against_it(said: list[Any]) -> None:
    said = [(one, other, same) for one, other, same in said if one != other]
    keys = np.arange(8)
    texts = as_rows([sketch(numbered(n * 10, n * 10 + 60)) for n in range(8)])
    groups = grouped(keys, texts, said)
    group_of = {key: place for place, group in enumerate(groups) for key in group}
    assert sorted(group_of) == keys.tolist()
    if said:  # the latest of all
        one, other, same = said[0]
        assert (group_of[one] == group_of[other]) == same
    names = retold(keys, texts, np.zeros(8, np.int64), said)
    assert len(set(names.tolist())) == len(groups)
