"""Before articles leave: which pages link there, what takes each place, and one undo for all."""

from __future__ import annotations

from typing import Any

import pytest

from newsroom.articles.models import Article
from related.domain.decisions import reviewing, undoing
from related.domain.decisions.writing import LinkRef
from related.domain.takedown.filling import fill
from related.domain.takedown.holes import LinkingPages
from related.enums import Mark, Verdict
from related.links import fill_places, pages_linking_to, unseen_links
from related.models import Decision, Document, Slot
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    only_slots,
    suggest,
)
from tests.related.marks import mark

pytestmark = pytest.mark.django_db


def link(document: Document, target: Document, user: Any, slot: Slot | None = None) -> None:
    slot = slot or make_slot()
    suggest(document, target, slot, similarity=0.4)
    reviewing.approve(LinkRef(document, slot, target), user=user, version=0)


def article_of(document: Document) -> Article:
    return Article.objects.get(pk=document.object_id)


def pages_before(*targets: Document, user: Any = None) -> LinkingPages:
    return pages_linking_to([article_of(target) for target in targets], user)


def shown(pages: LinkingPages) -> list[tuple[str, str, str, str]]:
    return [
        (page.target.title, hole.slot.key, hole.target.title, reserve_of(hole))
        for page in pages
        for hole in page.holes
    ]


def reserve_of(hole: Any) -> str:
    if hole.closes:
        return "closes"
    return hole.reserve.target.title if hole.reserve else ""


def test_the_best_reserve_stands_nowhere_else_and_stays(document: Document, anna: Any) -> None:
    only_slots("previous", "related")
    going, going_too = make_target("Going"), make_target("Going too")
    link(document, going, anna)
    link(document, going_too, anna, make_slot("previous"))
    elsewhere = make_target("Elsewhere")
    link(document, elsewhere, anna, make_slot("previous", count=2))
    rejected = make_target("Rejected")
    for target, similarity in (
        (going_too, 0.9),
        (elsewhere, 0.8),
        (rejected, 0.7),
        (make_target("Best"), 0.6),
        (make_target("Second"), 0.5),
    ):
        suggest(document, target, similarity=similarity)
    reviewing.reject(LinkRef(document, make_slot(), rejected), user=anna, version=0)
    pages = pages_before(going, going_too)
    assert shown(pages) == [
        ("Ferry delayed", "previous", "Going too", ""),
        ("Ferry delayed", "related", "Going", "Best"),
    ]


def test_two_places_of_a_page_get_two_reserves(document: Document, anna: Any) -> None:
    only_slots("related")
    targets = [make_target(f"Going {n}") for n in range(2)]
    for target in targets:
        link(document, target, anna)
    for title in ("Best", "Second"):
        suggest(document, make_target(title))
    assert [row[-1] for row in shown(pages_before(*targets))] == ["Best", "Second"]


def test_a_weak_reserve_says_so(document: Document, anna: Any) -> None:
    only_slots("related")
    target = make_target("Going")
    link(document, target, anna)
    suggest(document, make_target("Weak"), similarity=0.02)
    pages = pages_before(target)
    [hole] = pages.pages[0].holes
    assert hole.reserve is not None
    assert hole.reserve.strength_word == "weak"
    assert fill_places(pages, anna).n_links == 1


def test_a_place_that_another_approved_link_takes_needs_nothing(
    document: Document, anna: Any
) -> None:
    only_slots("related")
    make_slot("related", count=1)
    target = make_target("Going")
    link(document, target, anna)
    link(document, make_target("Next in line"), anna)
    assert [row[-1] for row in shown(pages_before(target))] == ["closes"]


def test_a_sensitive_page_fills_nothing_by_itself(document: Document, anna: Any) -> None:
    only_slots("related")
    make_slot("related", count=1, requires_approval=False)
    target = make_target("Going")
    link(document, target, anna)
    suggest(document, make_target("Best"))
    assert [row[-1] for row in shown(pages_before(target))] == ["closes"]
    mark(article_of(document), Mark.SENSITIVE, anna)
    assert [row[-1] for row in shown(pages_before(target))] == ["Best"]
    mark(article_of(target), Mark.NEVER_SUGGEST, anna)
    assert not pages_before(target), "it does not show"


def test_links_that_do_not_show_leave_no_hole(document: Document, anna: Any) -> None:
    target, scheduled = make_target("Going"), make_target("Tomorrow", days_ago=-1)
    make_slot("related", count=1)
    link(document, make_target("First in line"), anna)
    link(document, target, anna)
    link(document, make_target("B"), anna, make_slot("inline", is_active=False))
    assert not pages_before(target)
    link(document, scheduled, anna, make_slot("next"))
    assert [row[1] for row in shown(pages_before(scheduled))] == ["next"], "it would have shown"


def test_filling_passes_on_the_place_and_one_undo_takes_all_of_it_back(
    document: Document, anna: Any
) -> None:
    only_slots("related")
    going, best = make_target("Going"), make_target("Best")
    other = make_document(make_article("Harbor closed"))
    for page in (document, other):
        link(page, going, anna)
        suggest(page, best)
    reviewing.pin(LinkRef(document, make_slot(), going), user=anna, version=1)
    filled = fill_places(pages_before(going), anna)
    assert (filled.n_links, filled.n_pages, filled.n_left) == (2, 2, 0)
    approved = Decision.objects.approved().order_by("document")
    assert [(d.target, d.is_pinned, d.reasons) for d in approved] == [
        (best, True, ["ferry", "harbor"]),
        (best, False, ["ferry", "harbor"]),
    ]
    step = undoing.last_step(anna, other)
    assert step is not None
    assert step.document == other
    undoing.undo_step(step, user=anna)
    approved = Decision.objects.approved().order_by("document")
    assert [(d.target, d.is_pinned) for d in approved] == [(going, True), (going, False)]
    following = undoing.last_step(anna, other)
    assert following is not None
    assert following.operation != filled.operation


def test_a_mark_since_the_preview_costs_its_place_alone(document: Document, anna: Any) -> None:
    only_slots("related", "next")
    going, too, barred, best = (make_target(t) for t in ("Going", "Going too", "Barred", "Best"))
    for target, slot in ((going, "next"), (too, "related")):
        link(document, target, anna, make_slot(slot))
    suggest(document, barred, make_slot("next"))
    suggest(document, best)
    pages = pages_before(going, too)
    assert [row[-1] for row in shown(pages)] == ["Barred", "Best"]
    mark(article_of(barred), Mark.NEVER_SUGGEST, anna)
    filled = fill_places(pages, anna)
    assert (filled.n_links, filled.n_pages, filled.n_left) == (1, 1, 1)
    assert {d.target for d in Decision.objects.approved()} == {going, best}


def test_a_conflict_costs_its_place_alone(document: Document, anna: Any, ben: Any) -> None:
    only_slots("related")
    going, best = make_target("Going"), make_target("Best")
    other = make_document(make_article("Harbor closed"))
    for page in (document, other):
        link(page, going, anna)
        suggest(page, best)
    pages = pages_before(going)
    reviewing.reject(LinkRef(other, make_slot(), best), user=ben, version=0)
    filled = fill_places(pages, anna)
    assert (filled.n_links, filled.n_pages, filled.n_left) == (1, 1, 1)
    verdicts = Decision.objects.filter(document=other).order_by("pk").values_list("verdict")
    assert [*verdicts] == [(Verdict.APPROVED,), (Verdict.REJECTED,)]


def test_places_in_other_sections_are_shown_and_not_filled(
    document: Document, anna: Any, ben: Any
) -> None:
    only_slots("related")
    target = make_target("Going")
    link(document, target, anna)
    suggest(document, make_target("Best"))
    ben.groups.clear()
    pages = pages_before(target, user=ben)
    assert [page.may_fill for page in pages] == [False]
    assert fill_places(pages, ben).n_links == 0
    assert fill([], user=ben).n_pages == 0


def test_approved_links_that_do_not_show_at_a_publish(document: Document, anna: Any) -> None:
    later = make_target("Later", days_ago=-3)
    for target in (make_target("Out"), make_target("Tomorrow", days_ago=-1), later):
        reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    gone = make_target("Gone")
    reviewing.approve(LinkRef(document, make_slot("inline"), gone), user=anna, version=0)
    article_of(gone).delete()
    article = article_of(document)
    unseen = unseen_links([article])
    assert [(each.title, each.standing.is_coming) for each in unseen] == [
        (gone.label, False),
        ("Tomorrow", True),
        ("Later", True),
    ]
    assert unseen[2].standing.due == article_of(later).published_at
    article.published_at = article_of(later).published_at
    assert [each.title for each in unseen_links([article])] == [gone.label], "out by then"


@pytest.mark.parametrize("n_pages", [1, 3])
def test_the_same_queries_for_any_number_of_pages(
    n_pages: int, anna: Any, django_assert_num_queries: Any
) -> None:
    going = make_target("Going")
    for number in range(n_pages):
        page = make_document(make_article(f"Page {number}"))
        link(page, going, anna)
        suggest(page, make_target(f"Best {number}"))
    article = article_of(going)
    with django_assert_num_queries(17):
        pages = pages_linking_to([article], anna)
    assert len(pages) == n_pages
