"""The slots' rules, on facts alone: no database, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.domain.suggesting.rules import DocumentFacts, one_per_story, rank_candidates
from related.enums import Rule
from related.models import Slot
from related.models.documents import order_key

START = datetime(2026, 3, 1, tzinfo=UTC)


def facts(pk: int, day: float | None = 0, **other: object) -> DocumentFacts:
    at = None if day is None else START + timedelta(days=day)
    facts = {"language": "en", "section": "harbor", "url_path": f"/{pk}", "linked_paths": []}
    return DocumentFacts(
        pk=pk, published_at=at, order_key=order_key(at, str(pk)), **{**facts, **other}
    )


def ranked(slot: Slot, *targets: tuple[DocumentFacts, float], **other: object) -> list[int]:
    twins = {2: {3}, 3: {2, 4}, 4: {3}}
    candidates = rank_candidates(facts(1, 5, **other), slot, targets, twins)
    return [candidate.target.pk for candidate in candidates]


def test_the_best_first_and_nothing_weak_or_foreign() -> None:
    slot = Slot(minimum_score=0.2)
    targets = [
        (facts(2), 0.3),
        (facts(3), 0.9),
        (facts(4), 0.19),
        (facts(5, language="fr"), 0.8),
        (facts(1), 1.0),
        (facts(6), 0.3),
    ]
    assert ranked(slot, *targets) == [3, 6, 2]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(Rule.SIMILAR_EARLIER, [2]), (Rule.SIMILAR_LATER, [3]), (Rule.SIMILAR, [3, 2])],
)
def test_earlier_and_later_are_strict(rule: Rule, expected: list[int]) -> None:
    slot = Slot(rule=rule)
    assert ranked(slot, (facts(2, 4.9), 0.5), (facts(3, 5.1), 0.6)) == expected
    assert ranked(Slot(rule=Rule.SIMILAR_LATER), (facts(0, 5), 0.5), (facts(2, 5), 0.5)) == [2]


@pytest.mark.parametrize("rule", [Rule.SIMILAR_EARLIER, Rule.SIMILAR_LATER])
def test_an_unknown_date_is_neither_earlier_nor_later(rule: Rule) -> None:
    slot = Slot(rule=rule)
    assert ranked(slot, (facts(2, None), 0.5)) == []
    undated = facts(1, None)
    assert rank_candidates(undated, slot, [(facts(2), 0.5), (facts(3, None), 0.5)], {}) == []


def test_the_section_and_what_the_body_links_to() -> None:
    targets = [(facts(2), 0.5), (facts(3, section="court"), 0.6), (facts(4, section=""), 0.7)]
    assert ranked(Slot(same_section=True), *targets) == [2]
    assert ranked(Slot(same_section=True), *targets, section="") == []
    assert ranked(Slot(skip_linked=True), *targets, linked_paths=["/3"]) == [4, 2]


def test_closeness_in_time_changes_the_order_and_may_weaken_too_much() -> None:
    old, new = (facts(2, -400), 0.5), (facts(3, 4), 0.45)
    assert ranked(Slot(), old, new) == [2, 3]
    recent = Slot(recency_weight=0.5, recency_half_life=10.0, minimum_score=0.26)
    assert ranked(recent, old, new) == [3]
    far = Slot(recency_weight=0.5, recency_half_life=10.0)
    assert ranked(far, (facts(2, None), 0.5), (facts(3, 4), 0.3)) == [3, 2]  # as if far away


def test_of_a_story_the_newest_stays() -> None:
    slot = Slot(one_per_story=True)
    # 3 repeats 2; 4 repeats 3, but not the story's best member, so it is a story of its own.
    targets = [(facts(2, 1), 0.9), (facts(3, 2), 0.8), (facts(4, 3), 0.7), (facts(5), 0.1)]
    assert ranked(slot, *targets) == [3, 4, 5]


pairs = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), min_size=1, max_size=8), pairs)
def test_stories_are_those_of_the_slow_way(drawn: list[tuple[int, int]], same: set) -> None:
    twins: dict[int, set[int]] = {}
    for a, b in same:
        twins.setdefault(a, set()).add(b)
        twins.setdefault(b, set()).add(a)
    neighbors = [(facts(pk, day), 0.1 * s) for pk, (day, s) in enumerate(drawn)]
    candidates = rank_candidates(facts(99), Slot(minimum_score=0), neighbors, {})

    stories: list[list[int]] = []
    by_pk = {candidate.target.pk: candidate for candidate in candidates}
    for pk in by_pk:
        for story in stories:
            if pk in twins.get(story[0], set()):
                story.append(pk)
                break
        else:
            stories.append([pk])
    newest = [max(story, key=lambda pk: by_pk[pk].target.order_key) for story in stories]
    expected = sorted(newest, key=lambda pk: (-by_pk[pk].score, -pk))
    assert [c.target.pk for c in one_per_story(candidates, twins)] == expected
