"""What the states know of a page: what stands on it, whether others link to it, and is it true?"""

from __future__ import annotations

from typing import Any

import pytest

from newsroom.articles.models import Article, Status
from related.domain.attention.checking import RecentCheck, check_states, outdated_states
from related.domain.attention.orphans import mark_orphans
from related.domain.attention.states import mark_due, refresh_due, refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.models import Document, ReviewState
from tests.related.desk_documents import make_slot, make_target, only_slots, suggest

pytestmark = pytest.mark.django_db


def state(document: Document) -> ReviewState:
    refresh_states([document.pk])
    return ReviewState.objects.get(document=document)


def approve(document: Document, target: Document, user: Any, key: str = "related") -> None:
    reviewing.approve(LinkRef(document, make_slot(key), target), user=user, version=0)


def orphans() -> set[int]:
    mark_orphans()
    return set(ReviewState.objects.filter(is_orphan=True).values_list("document", flat=True))


def test_an_approved_link_fills_its_slot_and_an_offer_does_not(
    document: Document, anna: Any
) -> None:
    only_slots("inline", "related", "next")
    shown = make_target("Shown")
    approve(document, shown, anna)
    suggest(document, make_target("Offered"), make_slot("inline"))
    row = state(document)
    assert row.is_page
    assert (row.filled_slots, row.empty_slots, row.shown) == (",related,", ",next,", [shown.pk])


def test_a_slot_without_approval_is_filled_by_an_offer(document: Document) -> None:
    only_slots("related")
    target = make_target("Automatic")
    suggest(document, target, make_slot("related", requires_approval=False))
    assert state(document).shown == [target.pk]


def test_a_hidden_link_fills_nothing(document: Document, anna: Any) -> None:
    only_slots("related")
    target = make_target("Withdrawn")
    approve(document, target, anna)
    Article.objects.filter(pk=target.object_id).update(status=Status.WITHDRAWN)
    row = state(document)
    assert (row.filled_slots, row.empty_slots, row.shown) == ("", ",related,", [])
    assert (row.n_lost, row.n_coming) == (1, 0)


def test_what_the_public_cannot_open_is_no_page(document: Document, anna: Any) -> None:
    approve(document, make_target("Shown"), anna)
    Article.objects.filter(pk=document.object_id).update(status=Status.WITHDRAWN)
    row = state(document)
    assert not row.is_page
    assert (row.filled_slots, row.shown) == ("", None)


def test_orphans_stand_on_no_other_public_page(document: Document, anna: Any) -> None:
    linked, alone = make_target("Linked"), make_target("Alone")
    assert orphans() == {document.pk, linked.pk, alone.pk}
    approve(document, linked, anna)
    approve(linked, document, anna)
    refresh_states([document.pk, linked.pk])
    assert orphans() == {alone.pk}
    Article.objects.filter(pk=document.object_id).update(status=Status.WITHDRAWN)
    refresh_states([document.pk, linked.pk])
    assert orphans() == {linked.pk, alone.pk}


def test_a_row_that_says_something_else_is_found_and_computed_again(document: Document) -> None:
    suggest(document, make_target("Repaired"))
    assert outdated_states([document.pk]) == []
    ReviewState.objects.filter(document=document).update(is_open=False, opened_at=None)
    assert outdated_states([document.pk]) == [document.pk]
    check = check_states()
    assert (check.n_checked, check.n_outdated) == (2, 1)
    assert ReviewState.objects.get(document=document).is_due
    assert check_states().n_outdated == 0, "it is known to be wrong"
    refresh_due()
    assert ReviewState.objects.get(document=document).is_open


def test_a_sample_is_no_larger_than_asked(document: Document) -> None:
    for number in range(4):
        make_target(f"Story {number}")
    assert check_states(3).n_checked == 3


def test_a_check_is_kept_for_a_while(document: Document) -> None:
    now = [0.0]
    check = RecentCheck(seconds=60, clock=lambda: now[0])
    assert check.get().n_outdated == 0
    ReviewState.objects.update(reasons=99)
    now[0] = 59
    assert check.get().n_outdated == 0
    now[0] = 60
    assert check.get().n_outdated == 1


def test_due_rows_are_taken_up_to_a_limit(document: Document) -> None:
    for number in range(3):
        make_target(f"Story {number}")
    mark_due()
    assert [refresh_due(3), refresh_due(3), refresh_due(3)] == [3, 1, 0]
