"""What a decision keeps of the machine's view: the score, and whether anybody looked."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command

from related.domain.decisions import reviewing, undoing
from related.domain.decisions.writing import LinkRef
from related.models import Decision, DecisionLog, Document, Suggestion
from tests.related.decisions.links import place_of
from tests.related.desk_documents import make_slot, make_target

pytestmark = pytest.mark.django_db


def test_the_score_of_the_slot_is_kept(document: Document, anna: Any) -> None:
    place = place_of(document, "Ferry repaired", similarity=0.4)
    Suggestion.objects.update(score=0.37)
    assert reviewing.approve(place, user=anna, version=0).score == 0.37
    assert reviewing.reject(place, user=anna, version=1).score == 0.37
    assert reviewing.pin(place, user=anna, version=2).score == 0.37
    assert reviewing.reopen(place, user=anna, version=3).score is None


def test_a_score_of_another_slot_is_none_of_this_one(document: Document, anna: Any) -> None:
    place = place_of(document, "Ferry repaired", slot="inline", similarity=0.4)
    here = LinkRef(document, make_slot("related"), place.target)
    decision = reviewing.approve(here, user=anna, version=0)
    assert (decision.similarity, decision.score, decision.known_score) == (0.4, None, 0.4)


def test_a_score_stays_when_the_suggestion_is_gone(document: Document, anna: Any) -> None:
    place = place_of(document, "Ferry repaired", similarity=0.5)
    reviewing.approve(place, user=anna, version=0)
    Suggestion.objects.all().delete()
    assert reviewing.pin(place, user=anna, version=1).score == 0.45


def test_what_is_approved_in_bulk_is_marked_until_an_editor_decides(
    document: Document, anna: Any
) -> None:
    place = place_of(document, "Ferry repaired", similarity=0.5)
    call_command("approve_suggestions", user="anna", verbosity=0)
    decision = Decision.objects.get(slot__key="related", target=place.target)
    assert (decision.is_bulk, decision.score) == (True, 0.45)
    assert not Decision.objects.telling().exists()

    decision = reviewing.pin(place, user=anna, version=1)
    assert (decision.is_bulk, decision.score) == (False, 0.45)
    assert Decision.objects.telling().count() == 1

    undoing.undo(DecisionLog.objects.latest("pk").operation, document, user=anna)
    decision.refresh_from_db()
    assert (decision.is_bulk, decision.score, decision.is_pinned) == (True, 0.45, False)


def test_undoing_reads_entries_that_are_older_than_scores(document: Document, anna: Any) -> None:
    place = place_of(document, "Ferry repaired")
    reviewing.approve(place, user=anna, version=0)
    entry = DecisionLog.objects.get()
    before = {
        name: value for name, value in entry.before.items() if name not in ("score", "is_bulk")
    }
    older = DecisionLog(**{f.name: getattr(entry, f.name) for f in DecisionLog._meta.fields[1:]})
    older.before, older.version = before, 1
    change = undoing.restoring(older, 1)
    assert change.apply({})["score"] is None
    assert change.apply({})["is_bulk"] is False


def test_what_was_added_by_hand_has_no_score(document: Document, anna: Any) -> None:
    by_hand = LinkRef(document, make_slot(), make_target("Found by words"))
    assert reviewing.approve(by_hand, user=anna, version=0).known_score is None
