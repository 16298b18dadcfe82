"""The proposal of a page: what stands, what would stand, what is in reserve; each target once."""

from __future__ import annotations

from typing import Any

import pytest

from related.domain.decisions import reviewing
from related.domain.decisions.agreeing import agree
from related.domain.decisions.headings import set_heading
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import Desk, title_of
from related.domain.pages.placing import place_links
from related.enums import Rule
from related.models import Document
from tests.related.desk.shown import slot_of, titles
from tests.related.desk_documents import make_slot, make_target, only_slots, suggest

pytestmark = pytest.mark.django_db


def cards(desk: Desk) -> list[str]:
    """The titles of all cards, in the order of the page."""
    return [
        link.target.title
        for slot in desk.slots
        for link in (*slot.cards, *slot.reserves, *slot.weak)
    ]


def test_a_target_is_one_card_wherever_it_could_go(document: Document, look: Any) -> None:
    for title in ("First", "Second", "Third"):
        target = make_target(title)
        for key in ("previous", "inline", "related"):
            suggest(document, target, make_slot(key))

    desk = look()

    assert sorted(cards(desk)) == ["First", "Second", "Third"]
    assert titles(slot_of(desk, "previous").proposed) == ["First"]
    assert titles(slot_of(desk, "inline").proposed) == ["Second", "Third"]


def test_the_proposal_is_what_readers_get_after_agreeing(
    article: Any, document: Document, look: Any, anna: Any
) -> None:
    for number in range(9):
        target = make_target(f"Story {number}")
        for key in ("previous", "inline", "related"):
            suggest(document, target, make_slot(key), similarity=0.6 - number / 50)
    desk = look()
    proposal = {slot.key: titles(slot.cards) for slot in desk.slots}
    seen = [
        (LinkRef(document, link.slot, Document.objects.get(pk=link.target.document_id)), 0)
        for link in desk.proposed
    ]

    agree(document, article, seen, None, user=anna)

    [page] = place_links([article])
    assert {key: [link.title for link in s.items] for key, s in page.slots.items()} == proposal


def test_reserves_stand_behind_the_slot_that_they_are_strongest_in(
    document: Document, look: Any
) -> None:
    only_slots("previous", "related")
    make_slot("related", count=1)
    for title, score in (("A", 0.6), ("B", 0.55), ("C", 0.5)):
        target = make_target(title)
        suggest(document, target, make_slot("previous"), similarity=score - 0.2)
        suggest(document, target, similarity=score)

    desk = look()
    previous, related = slot_of(desk, "previous"), slot_of(desk, "related")

    assert (titles(previous.proposed), titles(related.proposed)) == (["A"], ["B"])
    assert (titles(previous.reserves), titles(related.reserves)) == ([], ["C"])
    assert [slot.key for slot, _ in related.reserves[0].elsewhere] == ["previous"]
    assert previous.spare is not None
    assert previous.spare.target.title == "C"


def test_weak_candidates_are_folded_away(document: Document, look: Any) -> None:
    only_slots("related")
    suggest(document, make_target("Strong"), similarity=0.5)
    suggest(document, make_target("Weak"), similarity=0.1)

    slot = slot_of(look(), "related")

    assert (titles(slot.proposed), titles(slot.weak)) == (["Strong"], ["Weak"])
    assert slot.weak[0].strength_word == "weak"


def test_what_stands_in_a_slot_by_date_could_go_elsewhere(document: Document, look: Any) -> None:
    only_slots("related", "section")
    suggest(document, make_target("Weak"), similarity=0.1)

    [link] = slot_of(look(), "section").automatic

    assert [slot.key for slot, _ in link.elsewhere] == ["related"]


def test_hidden_targets_are_never_proposed(document: Document, look: Any) -> None:
    suggest(document, make_target("Tomorrow", days_ago=-1))

    slot = slot_of(look(), "related")

    assert (titles(slot.proposed), titles(slot.reserves)) == ([], ["Tomorrow"])
    assert slot.reserves[0].target.state.startswith("not out yet, appears on ")


def test_an_approved_link_shows_who_decided(document: Document, look: Any, anna: Any) -> None:
    place = LinkRef(document, make_slot(), make_target("Repaired"))
    suggest(document, place.target)
    reviewing.approve(place, user=anna, version=0, note="the sequel")

    slot = slot_of(look(), "related")

    assert (titles(slot.approved), slot.suggestions) == (["Repaired"], [])
    link = slot.approved[0]
    assert link.is_on_page
    assert link.decision is not None
    assert (link.decision.decided_by, link.decision.note, link.version) == (anna, "the sequel", 1)


def test_what_is_approved_elsewhere_is_not_offered(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Repaired")
    for key in ("previous", "related"):
        suggest(document, target, make_slot(key))
    reviewing.approve(LinkRef(document, make_slot("previous"), target), user=anna, version=0)

    assert slot_of(look(), "related").suggestions == []


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
    assert (titles(desk.rejected), desk.rejected[0].version) == (["Another ferry"], 1)


def test_what_is_kept_out_of_a_slot_is_offered_in_another(
    document: Document, look: Any, anna: Any
) -> None:
    target = make_target("Another ferry")
    for key in ("inline", "related"):
        suggest(document, target, make_slot(key))
    reviewing.keep_out(LinkRef(document, make_slot("inline"), target), user=anna, version=0)

    desk = look()

    assert titles(slot_of(desk, "inline").suggestions) == []
    assert titles(slot_of(desk, "related").proposed) == ["Another ferry"]


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


def test_a_slot_by_date_shows_what_stands_there_until_it_is_blocked(
    document: Document, look: Any, anna: Any
) -> None:
    newest, older = make_target("Newest", days_ago=2), make_target("Older", days_ago=3)

    assert titles(slot_of(look(), "section").automatic) == ["Newest", "Older"]

    reviewing.reject(LinkRef(document, make_slot("section"), newest), user=anna, version=0)
    assert titles(slot_of(look(), "section").automatic) == ["Older"]

    reviewing.approve(LinkRef(document, make_slot("section"), older), user=anna, version=0)
    slot = slot_of(look(), "section")
    assert (titles(slot.automatic), titles(slot.approved)) == ([], ["Older"])


def test_a_slot_by_date_that_waits_for_approval_proposes_its_candidates(
    document: Document, look: Any
) -> None:
    make_slot("section", requires_approval=True)
    make_target("Older", days_ago=3)

    slot = slot_of(look(), "section")

    assert (titles(slot.automatic), titles(slot.proposed)) == ([], ["Older"])


def test_a_fallback_shows_where_nothing_is_proposed(
    document: Document, look: Any, anna: Any
) -> None:
    only_slots("previous")
    slot = make_slot("previous", fallback=Rule.EARLIER)
    before = make_target("The day before", days_ago=2)
    assert titles(slot_of(look(), "previous").automatic) == [title_of(before)]

    suggest(document, make_target("Similar"), slot)
    shown = slot_of(look(), "previous")
    assert (titles(shown.automatic), titles(shown.proposed)) == ([], ["Similar"])


def test_a_heading_of_its_own(document: Document, look: Any, anna: Any) -> None:
    set_heading(document, make_slot(), "More on the ferry", user=anna)

    slot = slot_of(look(), "related")

    assert (slot.heading, slot.own_heading) == ("More on the ferry", "More on the ferry")
    assert slot_of(look(), "previous").own_heading == ""
