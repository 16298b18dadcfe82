"""Decisions by day, editor and strength."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.reports.decided import N_EDITORS, approvals_by_strength, decided_by_day
from related.domain.strength.words import has_strength
from related.enums import Strength
from related.models import Decision, Document, Slot, StrengthCurve
from related.similarity.strength import SHIPPED, Curve
from tests.related.desk_documents import make_slot, make_target, suggest
from tests.related.editors import make_editor

pytestmark = pytest.mark.django_db


def decide(document: Document, user: Any, n: int = 1) -> None:
    for number in range(n):
        target = make_target(f"Target {number}")
        reviewing.approve(LinkRef(document, make_slot(), target), user=user, version=0)


def test_editors_who_decided_most_come_first_and_the_rest_is_summed(document: Document) -> None:
    editors = [make_editor(f"editor{number}") for number in range(N_EDITORS + 2)]
    for number, editor in enumerate(editors):
        decide(document, editor, 2 if number == 3 else 1)
    found = decided_by_day(7)
    assert len(found.days) == 7
    assert found.days[-1] == timezone.localdate()
    assert found.editors[0].name == "editor3"
    assert found.editors[0].key == str(editors[3].pk)
    assert found.by_editor[0] == [0] * 6 + [2]
    assert (found.n_others, found.others[-1]) == (2, 2)
    assert found.totals == [0] * 6 + [len(editors) + 1]


def test_nothing_decided_is_a_chart_of_zeros() -> None:
    found = decided_by_day(3)
    assert (found.editors, found.totals) == ([], [0, 0, 0])


def test_the_rate_goes_by_the_curve_of_the_slot(document: Document, anna: Any) -> None:
    for score, verdict in ((0.9, "approved"), (0.8, "rejected"), (0.02, "rejected")):
        target = make_target("Target")
        suggest(document, target, similarity=score)
        Decision.objects.create(
            document=document, slot=make_slot(), target=target, verdict=verdict, score=score
        )
    rates = {each.strength: (each.n_decided, each.n_approved) for each in approvals_by_strength()}
    assert rates == {Strength.STRONG: (2, 1), Strength.FAIR: (0, 0), Strength.WEAK: (1, 0)}
    assert [each.rate for each in approvals_by_strength()] == [0.5, None, 0.0]
    StrengthCurve.objects.create(
        slot=make_slot(), points=[0.3] * 101, n_decisions=0, n_of_all_slots=0
    )
    assert [each.n_decided for each in approvals_by_strength()] == [0, 3, 0]
    Decision.objects.update(decided_at=timezone.now() - timedelta(days=200))
    assert [each.n_decided for each in approvals_by_strength()] == [0, 0, 0]


@pytest.mark.parametrize("strength", Strength)
def test_a_word_as_a_condition_agrees_with_the_word_of_a_chance(strength: Strength) -> None:
    slots = list(Slot.objects.by_similarity().with_strength())
    document, target = make_target("A"), make_target("B")
    for number in range(101):
        decision = Decision(document=document, slot=slots[0], target=target, score=number / 100)
        Decision.objects.filter(document=document).delete()
        decision.save()
        expected = Strength.of(SHIPPED.chance(number / 100)) == strength
        found = Decision.objects.filter(has_strength(strength, slots)).exists()
        assert found == expected, number


def test_the_least_score_of_a_chance() -> None:
    curve = Curve((0.0, 0.2, 0.6))
    assert curve.score_for(0.0) == 0.0
    assert curve.score_for(0.4) == pytest.approx(0.75)
    assert curve.score_for(0.7) is None
    assert Curve((0.3, 0.3)).score_for(0.2) == 0.0
