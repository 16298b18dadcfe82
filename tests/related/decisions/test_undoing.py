"""Undo: an editor takes their own steps back, one after the other, on whichever article."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from newsroom.articles.models import Article
from related.domain.decisions import reviewing, undoing, writing
from related.domain.decisions.agreeing import SeenSummary, agree, call_done
from related.domain.decisions.conflicts import DecisionConflict
from related.domain.decisions.headings import set_heading
from related.domain.decisions.summaries import approve_summary
from related.domain.documents.reading import body_hash
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document, ReviewState, SlotHeading, Summary
from tests.related.decisions.links import place_of, titles_in_order
from tests.related.desk_documents import make_article, make_document, make_slot

pytestmark = pytest.mark.django_db


def undo_last(user: Any, document: Document | None = None) -> bool:
    """Press undo; False where there is nothing left to take back."""
    step = undoing.last_step(user)
    if step is None:
        return False
    undoing.undo(step.operation, step.document, user=user)
    return True


def test_undo_puts_back_one_click_after_the_other(document: Document, anna: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B", "C")]
    reviewing.approve(places[0], user=anna, version=0)
    reviewing.approve_many([(places[1], 0), (places[2], 0)], user=anna)

    assert undo_last(anna, document)
    assert titles_in_order(document) == ["A"]
    assert DecisionLog.objects.filter(action=Action.UNDO).count() == 2
    assert undo_last(anna, document)
    assert titles_in_order(document) == []
    assert not undo_last(anna, document)  # an undo is not undone


def test_a_decision_is_taken_back_step_by_step(document: Document, anna: Any) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=anna, version=0, note="why")
    pinned = reviewing.pin(place, user=anna, version=1)
    reviewing.reject(place, user=anna, version=2)

    undo_last(anna)

    decision = Decision.objects.get()
    for name in writing.STATE_FIELDS:
        assert getattr(decision, name) == getattr(pinned, name)
    assert decision.version == 4
    undo_last(anna)
    assert not Decision.objects.get().is_pinned
    undo_last(anna)
    assert Decision.objects.get().verdict == Verdict.OPEN


def test_the_stack_goes_over_all_articles(document: Document, anna: Any) -> None:
    other = make_document(make_article("Harbor closed"))
    reviewing.approve(place_of(document, "A"), user=anna, version=0)
    call_done(other, user=anna)

    step = undoing.last_step(anna)
    assert step is not None
    assert step.document == other
    assert undo_last(anna)
    assert undo_last(anna)
    assert titles_in_order(document) == []


def test_each_editor_has_a_stack_of_their_own(document: Document, anna: Any, ben: Any) -> None:
    reviewing.approve(place_of(document, "A"), user=anna, version=0)
    assert undoing.last_step(ben) is None


def test_what_somebody_else_changed_since_stays(document: Document, anna: Any, ben: Any) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=anna, version=0)
    reviewing.reject(place, user=ben, version=1)
    reviewing.reopen(place, user=ben, version=2)
    reviewing.approve(place, user=ben, version=3)  # the same state, and not hers

    with pytest.raises(DecisionConflict, match="Not undone"):
        undo_last(anna)
    assert Decision.objects.get().version == 4


def test_agreeing_to_a_page_is_one_step(article: Article, document: Document, anna: Any) -> None:
    place = place_of(document, "A")
    body = body_hash(document.source, article)
    agree(document, article, [(place, 0)], SeenSummary("In short.", 0, body), user=anna)
    assert Summary.objects.get().text == "In short."
    assert not ReviewState.objects.get(document=document).is_open

    undo_last(anna)

    assert Summary.objects.get().text == ""
    assert titles_in_order(document) == []
    assert ReviewState.objects.get(document=document).is_open


def test_headings_and_summaries_are_taken_back(
    article: Article, document: Document, anna: Any
) -> None:
    slot = make_slot()
    set_heading(document, slot, "First", user=anna)
    set_heading(document, slot, "Second", user=anna)
    approve_summary(document, article, "Old.", user=anna, version=0)
    approve_summary(document, article, "New.", user=anna, version=1)

    undo_last(anna)
    assert Summary.objects.get().text == "Old."
    undo_last(anna)
    assert Summary.objects.get().text == ""
    undo_last(anna)
    assert SlotHeading.objects.get().heading == "First"
    undo_last(anna)
    assert not SlotHeading.objects.exists()
    assert not undo_last(anna)


def test_a_summary_that_somebody_else_wrote_since_stays(
    article: Article, document: Document, anna: Any, ben: Any
) -> None:
    approve_summary(document, article, "Hers.", user=anna, version=0)
    approve_summary(document, article, "His.", user=ben, version=1)

    with pytest.raises(DecisionConflict, match="Not undone"):
        undo_last(anna)
    assert Summary.objects.get().text == "His."


def test_undo_of_an_unknown_operation_does_nothing(document: Document, anna: Any) -> None:
    undoing.undo(uuid4(), document, user=anna)

    assert not DecisionLog.objects.exists()
