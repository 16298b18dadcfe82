"""The slots' rules, on facts alone: no database, no clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from related.domain.documents.addresses import address_keys, linked_keys
from related.domain.suggesting.rules import (
    DocumentFacts,
    ScoredTarget,
    one_per_story,
    rank_candidates,
)
from related.enums import Rule
from related.models import Slot
from related.models.documents import order_key

START = datetime(2026, 3, 1, tzinfo=UTC)


def facts(pk: int, day: float | None = 0, **other: object) -> DocumentFacts:
    at = None if day is None else START + timedelta(days=day)
    facts = {"language": "en", "section": "harbor", "linked_keys": b""}
    facts["address_keys"] = address_keys([f"/{pk}"])
    return DocumentFacts(
        pk=pk, published_at=at, order_key=order_key(at, str(pk)), **{**facts, **other}
    )


def ranked(slot: Slot, *targets: tuple[DocumentFacts, float], **other: object) -> list[int]:
    neighbors = [ScoredTarget(target, 0.5, score) for target, score in targets]
    candidates = rank_candidates(facts(1, 5, **other), slot, neighbors)
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
    targets = [ScoredTarget(facts(pk, day), 0.5, 0.5) for pk, day in ((2, 0), (3, None))]
    assert rank_candidates(undated, slot, targets) == []


def test_the_section_and_what_the_body_links_to() -> None:
    targets = [(facts(2), 0.5), (facts(3, section="court"), 0.6), (facts(4, section=""), 0.7)]
    assert ranked(Slot(same_section=True), *targets) == [2]
    assert ranked(Slot(same_section=True), *targets, section="") == []
    assert ranked(
        Slot(skip_linked=True), *targets, linked_keys=linked_keys('<a href="/3">', ["/1"])
    ) == [4, 2]


def test_of_a_story_the_newest_stays() -> None:
    targets = [
        (facts(2, 1, story=7), 0.9),
        (facts(3, 2, story=7), 0.8),
        (facts(4, None, story=7), 0.95),
        (facts(5, 3, story=8), 0.7),
        (facts(6), 0.1),
        (facts(7), 0.1),
    ]
    assert ranked(Slot(one_per_story=True, minimum_score=0.2), *targets) == [3, 5]
    assert ranked(Slot(one_per_story=True), *targets) == [3, 5, 7, 6]
    assert ranked(Slot(one_per_story=False, minimum_score=0.2), *targets) == [4, 2, 3, 5]


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule.is_similarity])
def test_versions_of_the_document_itself_are_never_suggested(rule: Rule) -> None:
    slot = Slot(rule=rule, one_per_story=False)
    assert ranked(slot, (facts(2, 4, story=7), 1.0), (facts(3, 6, story=7), 1.0), story=7) == []


def test_a_story_that_is_not_known_is_nobody_elses() -> None:
    targets = [(facts(2, 1), 0.5), (facts(3, 2), 0.5)]
    assert ranked(Slot(one_per_story=True), *targets) == [3, 2]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 5), st.integers(0, 3)), min_size=1, max_size=8
    )
)
def test_stories_are_those_of_the_slow_way(drawn: list[tuple[int, int, int]]) -> None:
    candidates = [
        ScoredTarget(facts(pk, day, story=story), 0.1, 0.1 * points)
        for pk, (day, points, story) in enumerate(drawn)
    ]
    stories = {c.target.story for c in candidates}
    newest = [
        max((c for c in candidates if c.target.story == story), key=lambda c: c.target.order_key)
        for story in stories
    ]
    expected = sorted(newest, key=lambda c: (-c.score, -c.target.pk))
    assert one_per_story(candidates) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(Rule.SIMILAR_EARLIER, [3, 4, 2]), (Rule.SIMILAR_LATER, [7, 6]), (Rule.SIMILAR, [4, 2, 7])],
)
def test_of_what_is_about_as_good_the_nearest_in_time_comes_first(
    rule: Rule, expected: list[int]
) -> None:
    targets = [(facts(2, 0), 0.54), (facts(3, 4), 0.5), (facts(4, 2), 0.6), (facts(8, 4.5), 0.4)]
    targets += [(facts(6, 30), 0.5), (facts(7, 6), 0.52)]
    assert ranked(Slot(rule=rule), *targets)[: len(expected)] == expected


def test_the_nearest_counts_only_in_the_slots_of_one_direction() -> None:
    targets = [(facts(2, None), 0.5), (facts(3, 1), 0.49), (facts(4, 4), 0.42)]
    assert ranked(Slot(rule=Rule.SIMILAR_EARLIER), *targets) == [4, 3]
    assert ranked(Slot(rule=Rule.SIMILAR), *targets) == [2, 3, 4]
