"""Decisions: what each click stores, what it logs, who wins a race."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import OperationalError, connection

from related.domain.decisions import reviewing, undoing, writing
from related.domain.decisions.headings import set_heading
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import DecisionConflict, LinkRef, NotReviewable
from related.domain.documents.reading import body_hash
from related.domain.pages.summaries import is_current
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document, SlotHeading, Suggestion, Summary
from related.signals import links_changed
from tests.related.admin.desk_factories import (
    make_article,
    make_document,
    make_editor,
    make_slot,
    make_target,
    suggest,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Any:
    return make_editor("anna")


@pytest.fixture
def ben() -> Any:
    return make_editor("ben")


@pytest.fixture
def document() -> Document:
    return make_document(make_article("Ferry delayed"))


def place_of(document: Document, title: str, *, slot: str = "related", **fields: Any) -> LinkRef:
    target = make_target(title)
    suggest(document, target, make_slot(slot), **fields)
    return LinkRef(document, make_slot(slot), target)


def titles_in_order(document: Document) -> list[str]:
    decisions = Decision.objects.approved().filter(document=document).in_order()
    return [d.target.source.queryset().get(pk=d.target.object_id).title for d in decisions]


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

    reviewing.move(places[2], up=True, user=anna, version=1)
    assert titles_in_order(document) == ["A", "C", "B"]

    version = Decision.objects.get(target=places[0].target).version
    reviewing.move(places[0], up=False, user=anna, version=version)
    assert titles_in_order(document) == ["C", "A", "B"]


@pytest.mark.parametrize(("index", "up"), [(0, True), (1, False)])
def test_a_move_beyond_the_end_changes_nothing(
    document: Document, anna: Any, index: int, up: bool
) -> None:
    places = [place_of(document, title) for title in ("A", "B")]
    reviewing.approve_many([(place, 0) for place in places], user=anna)

    reviewing.move(places[index], up=up, user=anna, version=1)

    assert titles_in_order(document) == ["A", "B"]
    assert not DecisionLog.objects.filter(action=Action.MOVE).exists()


def test_an_unpinned_link_does_not_move_before_a_pinned_one(document: Document, anna: Any) -> None:
    pinned, other = (place_of(document, title) for title in ("Pinned", "Other"))
    reviewing.pin(pinned, user=anna, version=0)
    reviewing.approve(other, user=anna, version=0)

    reviewing.move(other, up=True, user=anna, version=1)

    assert titles_in_order(document) == ["Pinned", "Other"]


def test_a_better_link_takes_the_place_of_an_approved_one(document: Document, anna: Any) -> None:
    old, other, new = (place_of(document, title) for title in ("Old", "Other", "New"))
    reviewing.pin(old, user=anna, version=0)
    reviewing.approve(other, user=anna, version=0)

    reviewing.replace(new, user=anna, version=0, old=old.target, old_version=1)
    assert titles_in_order(document) == ["New", "Other"]

    operation = undoing.last_operation(document, anna)[0].operation
    undoing.undo(operation, document, user=anna)
    assert titles_in_order(document) == ["Old", "Other"]


def test_a_replacement_fails_as_a_whole(document: Document, anna: Any) -> None:
    old, new = (place_of(document, title) for title in ("Old", "New"))
    reviewing.approve(old, user=anna, version=0)
    reviewing.reject(new, user=anna, version=0)

    with pytest.raises(DecisionConflict):
        reviewing.replace(new, user=anna, version=0, old=old.target, old_version=1)
    with pytest.raises(DecisionConflict):
        reviewing.replace(new, user=anna, version=1, old=old.target, old_version=7)

    assert titles_in_order(document) == ["Old"]


def test_undo_puts_back_one_click(document: Document, anna: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B", "C")]
    reviewing.approve(places[0], user=anna, version=0)
    reviewing.approve_many([(places[1], 0), (places[2], 0)], user=anna)

    entries = undoing.last_operation(document, anna)
    assert len(entries) == 2
    undoing.undo(entries[0].operation, document, user=anna)

    assert titles_in_order(document) == ["A"]
    assert undoing.last_operation(document, anna) == []  # an undo is not undone
    assert DecisionLog.objects.filter(action=Action.UNDO).count() == 2


def test_undo_brings_back_every_field(document: Document, anna: Any) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=anna, version=0, note="why")
    pinned = reviewing.pin(place, user=anna, version=1)
    reviewing.reject(place, user=anna, version=2)

    operation = undoing.last_operation(document, anna)[0].operation
    undoing.undo(operation, document, user=anna)

    decision = Decision.objects.get()
    for name in writing.STATE_FIELDS:
        assert getattr(decision, name) == getattr(pinned, name)
    assert decision.version == 4


def test_undo_is_refused_once_somebody_decided_anew(
    document: Document, anna: Any, ben: Any
) -> None:
    places = [place_of(document, title) for title in ("A", "B")]
    reviewing.approve_many([(place, 0) for place in places], user=anna)
    operation = undoing.last_operation(document, anna)[0].operation
    reviewing.reject(places[0], user=ben, version=1)

    assert undoing.last_operation(document, anna) == []
    with pytest.raises(DecisionConflict, match="Not undone: something has changed since"):
        undoing.undo(operation, document, user=anna)

    verdicts = Decision.objects.order_by("pk").values_list("verdict", flat=True)
    assert list(verdicts) == [Verdict.REJECTED, Verdict.APPROVED]


def test_the_second_of_two_editors_is_told(document: Document, anna: Any, ben: Any) -> None:
    place = place_of(document, "A")
    reviewing.reject(place, user=ben, version=0)

    with pytest.raises(DecisionConflict, match=r"ben changed this link first \(now rejected\)"):
        reviewing.approve(place, user=anna, version=0)

    assert Decision.objects.get().verdict == Verdict.REJECTED
    assert DecisionLog.objects.count() == 1


def test_a_second_click_of_the_same_editor_is_told_so(document: Document, anna: Any) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=anna, version=0)

    with pytest.raises(DecisionConflict, match="you already changed this link"):
        reviewing.approve(place, user=anna, version=0)


def test_a_decision_that_was_taken_back_does_not_start_anew(
    document: Document, anna: Any, ben: Any
) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=ben, version=0)
    reviewing.reopen(place, user=ben, version=1)

    with pytest.raises(DecisionConflict, match="ben"):
        reviewing.approve(place, user=anna, version=0)


def test_a_version_from_nowhere_is_refused(document: Document, anna: Any) -> None:
    place = place_of(document, "A")

    with pytest.raises(DecisionConflict, match="nobody has decided"):
        reviewing.pin(place, user=anna, version=3)
    with pytest.raises(DecisionConflict, match="nobody has decided"):
        reviewing.move(place, up=True, user=anna, version=3)

    assert not Decision.objects.exists()


def test_one_conflict_stops_the_whole_selection(document: Document, anna: Any, ben: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B")]
    reviewing.reject(places[1], user=ben, version=0)

    with pytest.raises(DecisionConflict):
        reviewing.approve_many([(place, 0) for place in places], user=anna)

    assert titles_in_order(document) == []


def test_every_click_takes_its_rows_in_the_same_order(document: Document, anna: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B", "C")]
    targets = [place.target.pk for place in places]
    log = DecisionLog.objects.order_by("pk").values_list("target", flat=True)

    reviewing.approve_many([(place, 0) for place in reversed(places)], user=anna)
    assert list(log) == targets

    for place in places:
        version = Decision.objects.get(target=place.target).version
        reviewing.move(place, up=True, user=anna, version=version)
    reviewing.move(places[2], up=True, user=anna, version=Decision.objects.latest("pk").version)
    by_operation: dict[Any, list[int]] = {}
    for operation, target in DecisionLog.objects.order_by("pk").values_list("operation", "target"):
        by_operation.setdefault(operation, []).append(target)
    assert len(by_operation) > 2
    assert all(found == sorted(found) for found in by_operation.values())


@pytest.mark.parametrize(("state", "error"), [("40P01", DecisionConflict), ("53100", None)])
def test_a_deadlock_is_told_as_a_conflict(
    document: Document, anna: Any, state: str, error: type[Exception] | None
) -> None:
    place = place_of(document, "A")

    def fail(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "related_decision"'):
            raise OperationalError("no") from psycopg.errors.lookup(state)("no")
        return execute(sql, *args)

    with (
        connection.execute_wrapper(fail),
        pytest.raises(error or OperationalError, match="same moment" if error else "no"),
    ):
        reviewing.approve(place, user=anna, version=0)

    assert not Decision.objects.exists()


def test_an_article_does_not_link_to_itself(document: Document, anna: Any) -> None:
    with pytest.raises(NotReviewable, match="itself"):
        reviewing.approve(LinkRef(document, make_slot(), document), user=anna, version=0)


def test_undo_of_an_unknown_operation_does_nothing(document: Document, anna: Any) -> None:
    undoing.undo(uuid4(), document, user=anna)

    assert not DecisionLog.objects.exists()


def test_every_change_is_announced_after_commit(
    document: Document, anna: Any, django_capture_on_commit_callbacks: Any
) -> None:
    place = place_of(document, "A")
    announced: list[list[int]] = []

    def listen(sender: Any, document_ids: list[int], **kwargs: Any) -> None:
        announced.append(document_ids)

    links_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            reviewing.approve(place, user=anna, version=0)
            set_heading(document, place.slot, "Also read", user=anna)
            article = document.source.queryset().get(pk=document.object_id)
            approve_summary(document, article, "In short.", user=anna, version=0)
            assert announced == []
    finally:
        links_changed.disconnect(listen)

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
    assert is_current(summary, document.source, article)

    article.body = "Another text."

    assert not is_current(summary, document.source, article)


def test_a_summary_is_approved_for_the_body_that_the_editor_saw(anna: Any) -> None:
    article = make_article("Ferry delayed")
    document = make_document(article)
    seen = body_hash(document.source, article)
    article.body = "Correction: the ferry was on time."

    with pytest.raises(DecisionConflict, match="text of the article changed"):
        approve_summary(document, article, "Late.", user=anna, version=0, body_seen=seen)

    assert not Summary.objects.exists()


def test_the_second_summary_of_two_is_refused(anna: Any, ben: Any) -> None:
    article = make_article("Ferry delayed")
    document = make_document(article)
    approve_summary(document, article, "Ben's.", user=ben, version=0)

    with pytest.raises(DecisionConflict, match="somebody else"):
        approve_summary(document, article, "Anna's.", user=anna, version=0)
