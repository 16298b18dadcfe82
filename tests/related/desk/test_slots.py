"""The slots on the desk: what is suggested, approved, rejected and automatic in each."""

from __future__ import annotations

from typing import Any

import pytest

from related.domain.decisions import reviewing
from related.domain.decisions.headings import set_heading
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import title_of
from related.enums import Rule
from related.models import Document
from tests.related.desk.shown import slot_of, titles
from tests.related.desk_documents import (
    make_slot,
    make_target,
    only_slots,
    suggest,
)

pytestmark = pytest.mark.django_db


def test_suggestions_come_in_rank_order_with_their_reasons(document: Document, look: Any) -> None:
    suggest(document, make_target("First"), similarity=0.6)
    suggest(document, make_target("Second"), similarity=0.4)

    slot = slot_of(look(), "related")

    assert titles(slot.suggestions) == ["First", "Second"]
    first = slot.suggestions[0]
    assert (first.similarity, first.rank, first.reasons) == (0.6, 1, ["ferry", "harbor"])
    assert (first.target.section, first.target.url) == ("Harbor", "/articles/first/")
    assert first.version == 0


def test_an_approved_link_shows_who_decided(document: Document, look: Any, anna: Any) -> None:
    place = LinkRef(document, make_slot(), make_target("Repaired"))
    suggest(document, place.target)
    reviewing.approve(place, user=anna, version=0, note="the sequel")

    slot = slot_of(look(), "related")

    assert titles(slot.approved) == ["Repaired"]
    assert slot.suggestions == []
    link = slot.approved[0]
    assert link.is_on_page
    assert link.decision is not None
    assert (link.decision.decided_by, link.decision.note) == (anna, "the sequel")
    assert link.version == 1


def test_what_is_approved_elsewhere_is_not_offered(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Repaired")
    for key in ("previous", "related"):
        suggest(document, target, make_slot(key))
    reviewing.approve(LinkRef(document, make_slot("previous"), target), user=anna, version=0)

    slot = slot_of(look(), "related")

    assert slot.suggestions == []
    assert [link.remark for link in slot.elsewhere] == ["already in “Previous Article”"]


def test_a_target_approved_twice_says_where_it_shows(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Repaired")
    for key in ("previous", "related"):
        reviewing.approve(LinkRef(document, make_slot(key), target), user=anna, version=0)

    desk = look()

    assert slot_of(desk, "previous").approved[0].is_on_page
    assert slot_of(desk, "related").approved[0].remark == "already shown in “Previous Article”"


def test_a_link_beyond_the_room_of_a_slot_says_so(document: Document, look: Any, anna: Any) -> None:
    slot = make_slot("previous", count=1)
    for title in ("First", "Second"):
        reviewing.approve(LinkRef(document, slot, make_target(title)), user=anna, version=0)

    shown = slot_of(look(), "previous")

    assert shown.is_full
    assert [link.is_on_page for link in shown.approved] == [True, False]
    assert shown.approved[1].remark == "not shown: the slot has room for 1"


def test_a_rejected_pair_is_listed_once_and_offered_nowhere(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Another ferry")
    for key in ("inline", "related"):
        suggest(document, target, make_slot(key))
    reviewing.reject(LinkRef(document, make_slot(), target), user=anna, version=0, note="no")

    desk = look()

    assert desk.n_suggestions == 0
    assert titles(desk.rejected) == ["Another ferry"]
    assert desk.rejected[0].version == 1


def test_a_reopened_pair_is_offered_with_its_version(
    document: Document, look: Any, anna: Any
) -> None:
    place = LinkRef(document, make_slot(), make_target("Another ferry"))
    suggest(document, place.target)
    reviewing.reject(place, user=anna, version=0)
    reviewing.reopen(place, user=anna, version=1)

    desk = look()

    assert desk.rejected == []
    assert slot_of(desk, "related").suggestions[0].version == 2


def test_a_better_match_is_set_against_the_weakest_approved_link(
    document: Document, look: Any, anna: Any
) -> None:
    strong, weak, better, worse = (make_target(t) for t in ("Strong", "Weak", "Better", "Worse"))
    for target, similarity in ((strong, 0.9), (weak, 0.3), (better, 0.48), (worse, 0.2)):
        suggest(document, target, similarity=similarity)
    for target in (strong, weak):
        reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)

    found = {link.target.title: link for link in slot_of(look(), "related").suggestions}

    assert found["Better"].better_by == pytest.approx(0.18)
    assert found["Better"].better_than is not None
    assert found["Better"].better_than.target.title == "Weak"
    assert found["Worse"].better_by is None


def test_a_pinned_link_is_not_challenged(document: Document, look: Any, anna: Any) -> None:
    weak, better = make_target("Weak"), make_target("Better")
    suggest(document, weak, similarity=0.3)
    suggest(document, better, similarity=0.9)
    reviewing.pin(LinkRef(document, make_slot(), weak), user=anna, version=0)

    assert slot_of(look(), "related").suggestions[0].better_by is None


def test_a_slot_by_date_shows_what_stands_there_until_it_is_blocked(
    document: Document, look: Any, anna: Any
) -> None:
    newest, older = make_target("Newest", days_ago=2), make_target("Older", days_ago=3)

    slot = slot_of(look(), "section")
    assert titles(slot.automatic) == ["Newest", "Older"]
    assert slot.automatic[0].target.label == newest.label

    reviewing.reject(LinkRef(document, make_slot("section"), newest), user=anna, version=0)
    assert titles(slot_of(look(), "section").automatic) == ["Older"]

    reviewing.approve(LinkRef(document, make_slot("section"), older), user=anna, version=0)
    slot = slot_of(look(), "section")
    assert (titles(slot.automatic), titles(slot.approved)) == ([], ["Older"])


def test_a_slot_by_date_that_waits_for_approval_offers_its_candidates(
    document: Document, look: Any
) -> None:
    make_slot("section", requires_approval=True)
    make_target("Older", days_ago=3)

    slot = slot_of(look(), "section")

    assert (titles(slot.automatic), titles(slot.suggestions)) == ([], ["Older"])
    assert not slot.suggestions[0].is_on_page


def test_a_fallback_shows_until_something_is_approved(
    document: Document, look: Any, anna: Any
) -> None:
    only_slots("previous")
    slot = make_slot("previous", fallback=Rule.EARLIER)
    before, similar = make_target("The day before", days_ago=2), make_target("Similar")
    suggest(document, similar, slot)

    shown = slot_of(look(), "previous")
    assert titles(shown.automatic) == [title_of(before)]
    assert titles(shown.suggestions) == ["Similar"]

    reviewing.approve(LinkRef(document, slot, similar), user=anna, version=0)
    assert slot_of(look(), "previous").automatic == []


def test_a_heading_of_its_own(document: Document, look: Any, anna: Any) -> None:
    set_heading(document, make_slot(), "More on the ferry", user=anna)

    slot = slot_of(look(), "related")

    assert (slot.heading, slot.own_heading) == ("More on the ferry", "More on the ferry")
    assert slot_of(look(), "previous").own_heading == ""


def test_a_long_list_of_suggestions_folds(document: Document, look: Any) -> None:
    for number in range(8):
        suggest(document, make_target(f"Story {number}"))
    make_slot("related", count=4)

    slot = slot_of(look(), "related")

    assert (len(slot.best_suggestions), len(slot.more_suggestions)) == (6, 2)
    assert slot.may_select
