"""Why a page needs an editor: each reason comes, says itself, and goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsroom.articles.models import Article, Status
from related.domain.attention.states import (
    close_page,
    mark_due,
    refresh_around,
    refresh_due,
    refresh_states,
)
from related.domain.decisions import reviewing
from related.domain.decisions.agreeing import call_done
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.enums import ReviewReason
from related.models import Document, ReviewState, Suggestion
from tests.related.desk_documents import make_slot, make_target, only_slots, suggest

pytestmark = pytest.mark.django_db


def reasons(document: Document) -> set[ReviewReason]:
    refresh_states([document.pk])
    row = ReviewState.objects.get(document=document)
    assert row.is_open == bool(row.why)
    return set(row.why)


def test_nothing_to_offer_asks_nobody(document: Document) -> None:
    assert reasons(document) == set()


def test_what_could_stand_on_a_page_that_nobody_reviewed_is_new(document: Document) -> None:
    suggest(document, make_target("Repaired"))
    assert reasons(document) == {ReviewReason.NEW}
    row = ReviewState.objects.get(document=document)
    assert (row.n_offered, row.slots, row.strength) == (
        1,
        ",related,",
        pytest.approx(0.942, abs=0.001),
    )


def test_a_page_that_was_reviewed_could_show_more(document: Document, anna: Any) -> None:
    for title in ("A", "B"):
        suggest(document, make_target(title))
    first = Suggestion.objects.first()
    assert first is not None
    reviewing.approve(LinkRef(document, make_slot(), first.target), user=anna, version=0)
    assert reasons(document) == {ReviewReason.MORE}


def test_weak_links_and_slots_without_approval_ask_nobody(document: Document) -> None:
    suggest(document, make_target("Weak"), similarity=0.1)
    suggest(document, make_target("Automatic"), make_slot("inline", requires_approval=False))
    suggest(document, make_target("Out of use"), make_slot("previous", is_active=False))
    assert reasons(document) == set()


def test_a_target_that_stands_elsewhere_on_the_page_opens_nothing(
    document: Document, anna: Any
) -> None:
    only_slots("previous", "related")
    target = make_target("Repaired")
    for key in ("previous", "related"):
        suggest(document, target, make_slot(key))
    reviewing.approve(LinkRef(document, make_slot("previous"), target), user=anna, version=0)
    assert reasons(document) == set()


def test_a_full_slot_opens_for_a_clearly_better_match_alone(document: Document, anna: Any) -> None:
    make_slot("related", count=1)
    shown = make_target("Shown")
    suggest(document, shown, similarity=0.2)
    reviewing.approve(LinkRef(document, make_slot(), shown), user=anna, version=0)
    suggest(document, make_target("A little better"), similarity=0.22)
    assert reasons(document) == set()
    suggest(document, make_target("Far better"), similarity=0.6)
    assert reasons(document) == {ReviewReason.BETTER}


@pytest.mark.parametrize("how", ["withdrawn", "deleted", "recreated"])
def test_an_approved_link_that_does_not_show_is_lost(
    document: Document, anna: Any, how: str
) -> None:
    target = make_target("Repaired")
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    assert reasons(document) == set()
    article = Article.objects.get(pk=target.object_id)
    if how == "withdrawn":
        Article.objects.filter(pk=article.pk).update(status=Status.WITHDRAWN)
    else:
        article.delete()
        if how == "recreated":
            article.pk = int(target.object_id)
            article.save(force_insert=True)
    assert reasons(document) == {ReviewReason.LOST}


def test_a_scheduled_target_is_not_lost(document: Document, anna: Any) -> None:
    target = make_target("Tomorrow", days_ago=-1)
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    assert reasons(document) == set()


def test_a_link_that_left_the_rule_of_its_slot_is_lost(document: Document, anna: Any) -> None:
    earlier, by_hand = make_target("Earlier"), make_target("By hand", days_ago=0.5)
    slot = make_slot("previous", count=2)
    suggest(document, earlier, slot)
    for target in (earlier, by_hand):  # the second one is against the rule, as the editor wants it
        reviewing.approve(LinkRef(document, slot, target), user=anna, version=0)
    assert reasons(document) == set()
    later = timezone.now() + timedelta(minutes=1)
    Document.objects.filter(pk=earlier.pk).update(published_at=later)
    assert reasons(document) == {ReviewReason.LOST}
    assert ReviewState.objects.get(document=document).items == [f"lost:previous:{earlier.pk}"]


def test_a_summary_goes_stale(article: Article, document: Document, anna: Any) -> None:
    approve_summary(document, article, "In short.", user=anna, version=0)
    assert reasons(document) == set()
    Article.objects.filter(pk=article.pk).update(body="Something else.")
    assert reasons(document) == {ReviewReason.SUMMARY}


def test_done_closes_a_page_until_something_new_comes(document: Document, anna: Any) -> None:
    make_slot("related", count=2)
    for title in ("A", "B", "C"):
        suggest(document, make_target(title))
    call_done(document, user=anna)
    assert reasons(document) == set()
    Suggestion.objects.filter(target__pk=Suggestion.objects.first().target_id).delete()  # type: ignore[union-attr]
    assert reasons(document) == set(), "a reserve moved up that was seen before"
    suggest(document, make_target("New"), similarity=0.9)
    assert reasons(document) == set(), "it has no place"
    Suggestion.objects.filter(document=document, rank__lte=2).delete()
    assert reasons(document) == {ReviewReason.MORE}


def test_pages_that_link_to_what_changed_are_computed_too(document: Document, anna: Any) -> None:
    target = make_target("Repaired")
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    Article.objects.filter(pk=target.object_id).update(status=Status.WITHDRAWN)
    refresh_around([target.pk])
    assert ReviewState.objects.get(document=document).why == [ReviewReason.LOST]


def test_rows_that_are_due_or_missing_are_made_again(document: Document) -> None:
    suggest(document, make_target("Repaired"))
    ReviewState.objects.all().delete()
    assert (refresh_due(), refresh_due()) == (2, 0)
    ReviewState.objects.filter(document=document).update(is_open=False)
    assert not ReviewState.objects.get(document=document).is_open
    mark_due()
    assert refresh_due() == 2
    assert ReviewState.objects.get(document=document).is_open


def test_closing_says_what_was_closed_before(document: Document) -> None:
    target = make_target("Repaired")
    suggest(document, target)
    before, after = close_page(document)
    assert before == {"closed_items": [], "closed_at": None}
    assert after["closed_items"] == [f"more:related:{target.pk}"]


@pytest.mark.parametrize("n_documents", [1, 3])
def test_states_cost_the_same_queries_for_any_number_of_documents(
    n_documents: int, anna: Any, django_assert_num_queries: Any
) -> None:
    documents = []
    for number in range(n_documents):
        document = make_target(f"Story {number}")
        suggest(document, make_target(f"Offered {number}"))
        approved = make_target(f"Approved {number}")
        reviewing.approve(LinkRef(document, make_slot(), approved), user=anna, version=0)
        article = Article.objects.get(pk=document.object_id)
        approve_summary(document, article, "In short.", user=anna, version=0)
        documents.append(document.pk)
    with django_assert_num_queries(13):
        refresh_states(documents)
