"""What is learned from decisions, and from which."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from related import tasks
from related.domain.attention.states import refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.strength.decisions import decided_by_slot
from related.domain.strength.learning import learn_strength
from related.models import Document, ReviewState, Slot, StrengthCurve
from related.similarity.strength import PSEUDO_COUNT, SHIPPED
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)
from tests.related.strength.decided import decide, many_decided
from tests.services.brokers import Broker

pytestmark = pytest.mark.django_db


def chance(key: str, score: float) -> float:
    found = Slot.objects.with_strength().get(key=key).chance_of(score)
    assert found is not None
    return found


def test_without_decisions_the_shipped_curve_holds() -> None:
    before = chance("related", 0.3)
    learn_strength()
    assert before == chance("related", 0.3) == round(SHIPPED.chance(0.3), 4)
    assert {row.n_decisions for row in StrengthCurve.objects.all()} == {0}


def test_a_slot_that_goes_by_date_has_no_curve() -> None:
    learn_strength()
    keys = set(StrengthCurve.objects.values_list("slot__key", flat=True))
    assert keys == {"previous", "next", "inline", "related"}
    assert Slot.objects.get(key="section").chance_of(0.5) is None
    assert Slot.objects.get(key="related").chance_of(None) is None


def test_what_editors_approve_raises_the_chance(document: Document, anna: Any) -> None:
    verdicts = [(0.05 + n / 3000, n % 4 > 0) for n in range(150)]
    many_decided(document, verdicts, user=anna)
    learn_strength()
    weight = 150 / (150 + PSEUDO_COUNT)
    assert chance("related", 0.08) == pytest.approx(
        weight * 0.75 + (1 - weight) * SHIPPED.chance(0.08), abs=0.15
    )
    assert chance("related", 0.08) > SHIPPED.chance(0.08) + 0.2


def test_the_queue_follows_what_was_learned(
    document: Document, anna: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """What was too weak to ask an editor is strong enough, once editors approve the like of it."""
    page = make_document(make_article("Ferry delayed again"))
    suggest(page, make_target("Ferry repaired"), similarity=0.09)
    assert not ReviewState.objects.get(document=page).is_open
    many_decided(document, [(0.08, True)] * 200, user=anna)
    with django_capture_on_commit_callbacks(execute=True):
        learn_strength()
    assert ReviewState.objects.get(document=page).is_due  # for a worker
    refresh_states([page.pk])
    assert ReviewState.objects.get(document=page).is_open


def test_a_slot_without_decisions_learns_from_all_others(document: Document, anna: Any) -> None:
    many_decided(document, [(0.08, True)] * 200, user=anna)
    learn_strength()
    assert SHIPPED.chance(0.08) + 0.3 < chance("next", 0.08) < chance("related", 0.08)
    curve = StrengthCurve.objects.get(slot__key="next")
    assert (curve.n_decisions, curve.n_of_all_slots) == (0, 200)


def test_an_editors_clicks_teach(document: Document, anna: Any) -> None:
    decide(document, 0.2, True, user=anna)
    rejected = decide(document, 0.1, False, user=anna)
    pinned = decide(document, 0.3, True, user=anna)
    link = LinkRef(document, pinned.slot, pinned.target)
    reviewing.pin(link, user=anna, version=pinned.version)
    reviewing.reopen(LinkRef(document, rejected.slot, rejected.target), user=anna, version=1)
    reviewing.reject(
        LinkRef(document, rejected.slot, rejected.target), user=anna, version=2, note="too old"
    )
    [decided] = decided_by_slot([make_slot()]).values()
    assert sorted(zip(decided.scores.tolist(), decided.approved.tolist(), strict=True)) == [
        (0.1, False),
        (0.2, True),
        (0.3, True),
    ]


def test_what_says_nothing_teaches_nothing(document: Document, anna: Any) -> None:
    by_hand = LinkRef(document, make_slot(), make_target("Found by words"))
    reviewing.approve(by_hand, user=anna, version=0)
    taken_back = decide(document, 0.3, True, user=anna)
    reviewing.reopen(LinkRef(document, taken_back.slot, taken_back.target), user=anna, version=1)
    decide(document, 0.4, True, user=anna)
    type(taken_back).objects.filter(score=0.4).update(is_bulk=True)
    assert list(map(len, decided_by_slot([make_slot()]).values())) == [0]


def test_only_the_newest_decisions_count(document: Document, anna: Any) -> None:
    many_decided(document, [(0.1, False)] * 5 + [(0.2, True)] * 3, user=anna)
    [decided] = decided_by_slot([make_slot()], newest=4).values()
    assert sorted(decided.scores.tolist()) == [0.1, 0.2, 0.2, 0.2]
    assert decided.seconds.tolist() == sorted(decided.seconds, reverse=True)


def test_a_curve_that_stays_keeps_its_version_and_empties_no_cache(
    document: Document,
    anna: Any,
    announced: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:
    for n_versions, n_announced in ((1, 1), (1, 1), (2, 2)):
        if n_versions == 2:
            many_decided(document, [(0.15, True)] * 20, user=anna)
        with django_capture_on_commit_callbacks(execute=True):
            learned = learn_strength()
        assert {row.version for row in learned} == {n_versions}
        assert announced == [None] * n_announced


@pytest.mark.parametrize("n_decisions", [1, 30])
def test_learning_asks_the_same_queries_for_any_number_of_decisions(
    document: Document,
    anna: Any,
    n_decisions: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    learn_strength()
    many_decided(document, [(0.2, True), (0.1, False)] * n_decisions, user=anna)
    with django_assert_num_queries(25):
        learn_strength()


def test_the_command_says_what_it_learned_from(document: Document, anna: Any) -> None:
    many_decided(document, [(0.2, True), (0.1, False)], user=anna)
    printed = StringIO()
    call_command("learn_strength", stdout=printed)
    assert "related   2 decisions, and 2 of all slots (version 1 of its curve)" in (
        printed.getvalue()
    )
    Slot.objects.update(rule="earlier")
    printed = StringIO()
    call_command("learn_strength", stdout=printed)
    assert "nothing to learn" in printed.getvalue()


def test_every_rebuild_learns(memory_broker: Broker) -> None:
    tasks.rebuild(only_due=True)
    assert not StrengthCurve.objects.exists()
    tasks.rebuild()  # one is running by now; there is something to learn all the same
    assert StrengthCurve.objects.count() == 4


def test_a_rebuild_by_hand_learns() -> None:
    call_command("rebuild_related", stdout=StringIO(), stderr=StringIO())
    assert StrengthCurve.objects.count() == 4
