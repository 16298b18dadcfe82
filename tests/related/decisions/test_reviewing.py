"""Decisions: what each click stores, what it logs, who wins a race."""

from __future__ import annotations

from typing import Any

import pytest

from related.domain.decisions import ordering, replacing, reviewing, undoing
from related.domain.decisions.conflicts import NotReviewable
from related.domain.decisions.headings import set_heading
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.domain.pages.summaries import is_current
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document, SlotHeading, Suggestion
from tests.related.decisions.links import place_of, titles_in_order
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)

pytestmark = pytest.mark.django_db


def test_approval_keeps_what_the_machine_said(document: Document, anna: Any) -> None:
    place = place_of(document, "Ferry repaired", similarity=0.4)

    decision = reviewing.approve(place, user=anna, version=0, note="the sequel")

    assert decision.verdict == Verdict.APPROVED
    assert decision.similarity == 0.4
    assert decision.reasons == ["ferry", "harbor"]
    assert (decision.decided_by, decision.version, decision.note) == (anna, 1, "the sequel")


def test_a_decision_outlives_its_suggestion(document: Document, anna: Any) -> None:
    place = place_of(document, "Ferry repaired")
    reviewing.approve(place, user=anna, version=0)

    Suggestion.objects.all().delete()

    assert titles_in_order(document) == ["Ferry repaired"]


def test_a_link_added_by_hand_needs_no_suggestion(document: Document, anna: Any) -> None:
    place = LinkRef(document, make_slot(), make_target("Nothing in common"))

    decision = reviewing.approve(place, user=anna, version=0)

    assert decision.verdict == Verdict.APPROVED
    assert decision.similarity is None


def test_a_rejected_pair_is_offered_in_no_slot_until_reopened(
    document: Document, anna: Any
) -> None:
    place = place_of(document, "Ferry repaired")
    suggest(document, place.target, make_slot("inline"))
    pending = Suggestion.objects.served().undecided().filter(document=document)
    assert pending.count() == 2

    rejected = reviewing.reject(place, user=anna, version=0, note="another ferry")
    assert pending.count() == 0
    assert rejected.note == "another ferry"

    reviewing.reopen(place, user=anna, version=rejected.version)
    assert pending.count() == 2


def test_a_suggestion_of_a_generation_being_built_is_not_served(document: Document) -> None:
    place_of(document, "Ferry repaired", generation=1)

    assert not Suggestion.objects.served().exists()


def test_pinned_links_stand_first(document: Document, anna: Any) -> None:
    first, second = (place_of(document, title) for title in ("First", "Second"))
    reviewing.approve(first, user=anna, version=0)
    pinned = reviewing.pin(second, user=anna, version=0)
    assert titles_in_order(document) == ["Second", "First"]

    unpinned = reviewing.unpin(second, user=anna, version=pinned.version)

    assert unpinned.verdict == Verdict.APPROVED
    assert titles_in_order(document) == ["First", "Second"]


def test_a_pin_keeps_the_note_of_an_approval_but_not_of_a_rejection(
    document: Document, anna: Any
) -> None:
    approved, rejected = (place_of(document, title) for title in ("Approved", "Rejected"))
    reviewing.approve(approved, user=anna, version=0, note="the sequel")
    reviewing.reject(rejected, user=anna, version=0, note="off topic")

    assert reviewing.pin(approved, user=anna, version=1).note == "the sequel"
    assert reviewing.pin(rejected, user=anna, version=1).note == ""


def test_rejecting_a_pinned_link_takes_the_pin_away(document: Document, anna: Any) -> None:
    place = place_of(document, "First")
    pinned = reviewing.pin(place, user=anna, version=0)

    rejected = reviewing.reject(place, user=anna, version=pinned.version)

    assert not rejected.is_pinned


def test_move_changes_places_with_the_neighbor(document: Document, anna: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B", "C")]
    reviewing.approve_many([(place, 0) for place in places], user=anna)

    ordering.move(places[2], up=True, user=anna, version=1)
    assert titles_in_order(document) == ["A", "C", "B"]

    version = Decision.objects.get(target=places[0].target).version
    ordering.move(places[0], up=False, user=anna, version=version)
    assert titles_in_order(document) == ["C", "A", "B"]


@pytest.mark.parametrize(("index", "up"), [(0, True), (1, False)])
def test_a_move_beyond_the_end_changes_nothing(
    document: Document, anna: Any, index: int, up: bool
) -> None:
    places = [place_of(document, title) for title in ("A", "B")]
    reviewing.approve_many([(place, 0) for place in places], user=anna)

    ordering.move(places[index], up=up, user=anna, version=1)

    assert titles_in_order(document) == ["A", "B"]
    assert not DecisionLog.objects.filter(action=Action.MOVE).exists()


def test_an_unpinned_link_does_not_move_before_a_pinned_one(document: Document, anna: Any) -> None:
    pinned, other = (place_of(document, title) for title in ("Pinned", "Other"))
    reviewing.pin(pinned, user=anna, version=0)
    reviewing.approve(other, user=anna, version=0)

    ordering.move(other, up=True, user=anna, version=1)

    assert titles_in_order(document) == ["Pinned", "Other"]


def test_a_better_link_takes_the_place_of_an_approved_one(document: Document, anna: Any) -> None:
    old, other, new = (place_of(document, title) for title in ("Old", "Other", "New"))
    reviewing.pin(old, user=anna, version=0)
    reviewing.approve(other, user=anna, version=0)

    replacing.replace(new, user=anna, version=0, old=old.target, old_version=1)
    assert titles_in_order(document) == ["New", "Other"]

    operation = undoing.last_step(anna).operation
    undoing.undo(operation, document, user=anna)
    assert titles_in_order(document) == ["Old", "Other"]


def test_an_article_does_not_link_to_itself(document: Document, anna: Any) -> None:
    with pytest.raises(NotReviewable, match="itself"):
        reviewing.approve(LinkRef(document, make_slot(), document), user=anna, version=0)


def test_every_change_is_announced_after_commit(
    document: Document, anna: Any, announced: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    place = place_of(document, "A")
    with django_capture_on_commit_callbacks(execute=True):
        reviewing.approve(place, user=anna, version=0)
        set_heading(document, place.slot, "Also read", user=anna)
        article = document.source.queryset().get(pk=document.object_id)
        approve_summary(document, article, "In short.", user=anna, version=0)
        assert announced == []

    assert announced == [[document.pk]] * 3


def test_a_heading_of_its_own_and_back(document: Document, anna: Any) -> None:
    slot = make_slot("related", heading="Related stories")

    set_heading(document, slot, "  More on the ferry ", user=anna)
    assert SlotHeading.objects.get().heading == "More on the ferry"

    set_heading(document, slot, "", user=anna)
    assert not SlotHeading.objects.exists()

    set_heading(document, slot, "Related stories", user=anna)
    assert not SlotHeading.objects.exists()


def test_a_summary_hides_when_the_text_changes(anna: Any) -> None:
    article = make_article("Ferry delayed")
    document = make_document(article)
    summary = approve_summary(document, article, "In short.", user=anna, version=0)
    assert is_current(summary.text, summary.text_hash, document.source, article)

    article.body = "Another text."

    assert not is_current(summary.text, summary.text_hash, document.source, article)
