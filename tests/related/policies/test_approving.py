"""What approves itself: what a policy approves, in whose name, and what it leaves to editors."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from newsroom.articles.models import Article
from related.domain.attention.states import refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.conflicts import DecisionConflict
from related.domain.decisions.writing import LinkRef
from related.domain.pages.placing import place_links
from related.domain.policies.approving import approve_strong, find_strong
from related.domain.policies.archive import count_above
from related.domain.policies.setting import set_policy
from related.domain.strength.decisions import decided_by_slot
from related.enums import ReviewReason, Verdict
from related.models import Decision, DecisionLog, Document, DocumentVector, Policy, ReviewState
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    only_slots,
    suggest,
)
from tests.related.stories import BAKERY, FLOOD, FLOOD_UPDATE, document_of, publish, section, work

pytestmark = pytest.mark.django_db


def policy_of(bar: float = 0.8, *, key: str = "related", **fields: Any) -> Policy:
    policy, _ = Policy.objects.update_or_create(
        slot=make_slot(key), defaults={"bar": bar, **fields}
    )
    return policy


def approve(document: Document, *policies: Policy) -> None:
    """As a worker does after it wrote the document's suggestions."""
    approve_strong([document.pk], list(policies) or list(Policy.objects.on()))
    refresh_states([document.pk])


def decided(document: Document) -> list[tuple[str, str, bool]]:
    rows = Decision.objects.filter(document=document).select_related("target").order_by("pk")
    return [(d.target.label, d.verdict, d.by_policy) for d in rows]


def test_what_is_above_the_bar_is_approved_in_the_name_of_the_policy(document: Document) -> None:
    strong, weak = make_target("Strong"), make_target("Weak")
    suggest(document, strong, similarity=0.6)
    suggest(document, weak, similarity=0.1)
    approve(document, policy_of(0.9))
    assert decided(document) == [(strong.label, Verdict.APPROVED, True)]
    entry = DecisionLog.objects.get()
    assert (entry.actor, entry.actor_key) == (None, "policy:related")
    assert entry.actor_name == "policy: above 0.90"
    decision = Decision.objects.get()
    assert decision.decided_by is None
    assert decision.score == pytest.approx(0.54)


def test_without_a_policy_nothing_approves_itself(document: Document) -> None:
    suggest(document, make_target("Strong"), similarity=0.9)
    Policy.objects.create(slot=make_slot())  # switched off
    approve(document)
    assert decided(document) == []


@pytest.mark.parametrize("fields", [{"is_active": False}, {"requires_approval": False}])
def test_a_slot_that_needs_no_approval_has_none(document: Document, fields: dict[str, Any]) -> None:
    suggest(document, make_target("Strong"), similarity=0.9)
    policy_of()
    make_slot(**fields)
    approve(document)
    assert decided(document) == []


def test_no_more_than_the_page_has_room_for(document: Document) -> None:
    make_slot(count=2)
    for number in range(4):
        suggest(document, make_target(f"Strong {number}"), similarity=0.9 - number / 100)
    approve(document, policy_of())
    assert len(decided(document)) == 2


def test_what_anybody_ever_decided_on_stays_the_editors(document: Document, anna: Any) -> None:
    policy = policy_of()
    links = []
    for name in ("Rejected", "Elsewhere", "Taken back"):
        target = make_target(name)
        suggest(document, target, similarity=0.9)
        links.append(LinkRef(document, make_slot(), target))
    reviewing.reject(links[0], user=anna, version=0)
    reviewing.keep_out(links[1], user=anna, version=0)
    reviewing.approve(links[2], user=anna, version=0)
    reviewing.reopen(links[2], user=anna, version=1)
    before = decided(document)
    approve(document, policy)
    assert decided(document) == before


def test_a_rejection_in_another_slot_holds(document: Document, anna: Any) -> None:
    target = make_target("Rejected")
    suggest(document, target, similarity=0.9)
    reviewing.reject(LinkRef(document, make_slot("next"), target), user=anna, version=0)
    approve(document, policy_of())
    assert [verdict for _, verdict, _ in decided(document)] == [Verdict.REJECTED]


def test_texts_of_nothing_but_repeated_passages_are_left_to_editors(document: Document) -> None:
    stub, whole = make_target("Stub"), make_target("Whole")
    for number, target in enumerate((stub, whole)):
        corpus = suggest(document, target, similarity=0.9).corpus
        DocumentVector.objects.create(
            document=target,
            corpus=corpus,
            version=1,
            passages=b"12345678",
            omitted=b"12345678"[: 8 - 4 * number],
        )
    approve(document, policy_of())
    assert [label for label, _, _ in decided(document)] == [whole.label]


def test_an_editors_verdict_overrides(document: Document, target: Document, anna: Any) -> None:
    approve(document, policy_of(0.5))
    link = LinkRef(document, make_slot(), target)
    with pytest.raises(DecisionConflict, match="the policy of the slot approved this link"):
        reviewing.reject(link, user=anna, version=0)
    confirmed = reviewing.approve(link, user=anna, version=1)
    assert (confirmed.by_policy, confirmed.decided_by) == (False, anna)
    rejected = reviewing.reject(link, user=anna, version=2)
    assert (rejected.by_policy, rejected.verdict) == (False, Verdict.REJECTED)


def test_it_learns_nothing_from_itself(document: Document, target: Document, anna: Any) -> None:
    approve(document, policy_of(0.5))
    slot = make_slot()
    assert len(decided_by_slot([slot])[slot.pk]) == 0
    reviewing.pin(LinkRef(document, slot, target), user=anna, version=1)
    assert len(decided_by_slot([slot])[slot.pk]) == 1


def test_a_page_that_only_a_policy_touched_is_not_reviewed(document: Document) -> None:
    only_slots("related")
    suggest(document, make_target("Strong"), similarity=0.9)
    suggest(document, make_target("Fair"), similarity=0.15)
    approve(document, policy_of())
    row = ReviewState.objects.get(document=document)
    assert row.why == [ReviewReason.NEW]
    assert (row.n_approved, row.n_by_policy, row.is_reviewed) == (1, 1, False)


def test_a_link_of_a_policy_that_is_withdrawn_asks_nobody(document: Document) -> None:
    target = make_target("Strong")
    suggest(document, target, similarity=0.9)
    approve(document, policy_of())
    Article.objects.filter(pk=target.object_id).update(status="withdrawn")
    refresh_states([document.pk])
    assert not ReviewState.objects.get(document=document).is_open


def test_a_link_of_a_policy_is_not_challenged(document: Document) -> None:
    make_slot(count=1)
    suggest(document, make_target("Strong"), similarity=0.3)
    approve(document, policy_of(0.7))
    suggest(document, make_target("Stronger"), similarity=0.9)
    refresh_states([document.pk])
    assert not ReviewState.objects.get(document=document).is_open


def test_an_editor_who_is_quicker_wins(document: Document, anna: Any) -> None:
    first, second = make_target("First"), make_target("Second")
    suggest(document, first, similarity=0.9)
    suggest(document, second, similarity=0.8)
    link = LinkRef(document, make_slot(), first)
    pressed: list[str] = []

    def reject_meanwhile(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('SELECT "related_suggestion"."id"') and not pressed:
            pressed.append(sql)
            reviewing.reject(link, user=anna, version=0)
        return execute(sql, *args)

    with connection.execute_wrapper(reject_meanwhile):
        approve(document, policy_of())
    assert pressed
    assert sorted(decided(document)) == [
        (first.label, Verdict.REJECTED, False),
        (second.label, Verdict.APPROVED, True),
    ]
    assert DecisionLog.objects.count() == 2


def test_a_publish_is_approved_in_the_workers_transaction() -> None:
    only_slots("previous", "next")
    first = publish("Barrier raised", FLOOD, section=section("River"))
    publish("Bakery opens", BAKERY, day=1)
    work()
    policy_of(0.5, key="previous")
    second = publish("Barrier holds", FLOOD_UPDATE, day=2)
    work()
    (page,) = place_links([second])
    assert [(link.title, link.source) for link in page.slots["previous"].items] == [
        ("Barrier raised", "approved")
    ]
    assert Decision.objects.get().by_policy
    assert not Decision.objects.filter(document=document_of(first)).exists()


def test_the_archive_is_gone_through_on_request_and_after_a_rebuild(anna: Any) -> None:
    articles = [publish("Barrier raised", FLOOD), publish("Barrier holds", FLOOD_UPDATE, day=2)]
    work()
    slot = make_slot("previous")
    above = count_above(slot, 0.5, seconds=5)
    assert (above.n_links, above.n_pages, above.is_complete) == (1, 1, True)
    set_policy(slot, 0.5, covers_archive=False, user=anna)
    work()
    assert not Decision.objects.exists()
    set_policy(slot, 0.5, covers_archive=True, user=anna)
    work()
    assert [d.document for d in Decision.objects.all()] == [document_of(articles[1])]
    assert Policy.objects.get(slot=slot).cursor is None
    assert count_above(slot, 0.5, seconds=5).n_links == 0


@pytest.mark.parametrize("n_documents", [1, 3])
def test_as_many_queries_for_any_number(
    document: Document, n_documents: int, django_assert_num_queries: Any
) -> None:
    documents = [document, *(make_document(make_article(f"No {n}")) for n in range(2))]
    for each in documents:
        suggest(each, make_target(f"Strong for {each.pk}"), similarity=0.9)
    policy = policy_of()
    find_strong([document.pk], [policy])  # content types are known from here on
    with django_assert_num_queries(15):
        found = find_strong([each.pk for each in documents[:n_documents]], [policy])
    assert len(found) == n_documents
