"""Which links an operation in bulk finds: those of a filter, and no other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from newsroom.articles.models import Article
from related.domain.attention.states import close_page
from related.domain.decisions import reviewing
from related.domain.decisions.accounts import Account
from related.domain.decisions.writing import LinkRef
from related.domain.desk.queue import QueueFilter
from related.domain.operations.planning import (
    Plan,
    plan_approvals,
    plan_rejections,
    plan_reopening,
    plan_reverting,
)
from related.domain.operations.sets import LinkSet
from related.enums import Mark
from related.models import Document
from related.similarity.strength import SHIPPED
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)
from tests.related.marks import mark

pytestmark = pytest.mark.django_db
ALL = QueueFilter()


def pairs(plan: Plan) -> list[tuple[int, int]]:
    return [(row.document, row.target) for row in plan.links.part(0, 100)]


def account_of(user: User) -> Account:
    return Account(str(user.pk), user.get_username(), user)


def test_a_set_is_read_as_it_was_packed() -> None:
    rows = [(2**40, 1, 7, 0, 0), (5, 2, 9, 3, 12)]
    links = LinkSet.unpack(LinkSet.of(rows).pack())
    assert links.rows.tolist() == [list(row) for row in rows]
    assert (links.n_per_slot(), links.n_documents()) == ({1: 1, 2: 1}, 2)
    assert len(LinkSet.unpack(b"")) == len(LinkSet.unpack(LinkSet.of([]).pack())) == 0


@pytest.mark.parametrize("chance", [0.0, 0.2, 0.5, 0.9, 0.98])
def test_the_least_score_of_a_chance(chance: float) -> None:
    score = SHIPPED.score_for(chance)
    assert score is not None
    assert SHIPPED.chance(score) >= chance - 1e-12
    assert score == 0 or SHIPPED.chance(score - 1e-9) < chance
    assert SHIPPED.score_for(1.0) is None


def test_approvals_are_what_the_pages_propose(document: Document, anna: User) -> None:
    strong, fair = make_target("Strong"), make_target("Fair")
    suggest(document, strong, similarity=0.5)
    suggest(document, fair, similarity=0.15)
    suggest(document, make_target("Weak"), similarity=0.02)
    newer = make_document(make_article("Newer", days_ago=0.5))
    suggest(newer, strong, similarity=0.6)

    both = [(newer.pk, strong.pk), (document.pk, strong.pk)]
    assert pairs(plan_approvals(ALL, anna, 0.5)) == both
    assert pairs(plan_approvals(ALL, anna, 0.2)) == [*both, (document.pk, fair.pk)]
    assert pairs(plan_approvals(ALL, anna, 0.999)) == []
    assert pairs(plan_approvals(QueueFilter(slot="next"), anna, 0.5)) == []
    assert pairs(plan_approvals(QueueFilter(text="newer"), anna, 0.5)) == both[:1]
    assert pairs(plan_approvals(QueueFilter(section="bridge"), anna, 0.5)) == []

    reviewing.reject(LinkRef(newer, make_slot(), strong), user=anna, version=0)
    close_page(document)
    assert pairs(plan_approvals(ALL, anna, 0.2)) == []


def test_nothing_beyond_the_places_of_a_slot_is_proposed(document: Document, anna: User) -> None:
    slot = make_slot(count=1)
    best, reserve = make_target("Best"), make_target("Reserve")
    suggest(document, best, slot, similarity=0.8)
    suggest(document, reserve, slot, similarity=0.7)
    assert pairs(plan_approvals(ALL, anna, 0.5)) == [(document.pk, best.pk)]


def test_sensitive_pages_are_left_to_who_looks_at_them(document: Document, anna: User) -> None:
    target, sensitive = make_target("Target"), make_document(make_article("Sensitive"))
    suggest(document, target)
    suggest(sensitive, target)
    for marks, found in ((Mark.SENSITIVE, 1), (Mark.LIGHT, 2)):
        mark(Article.objects.get(title="Sensitive"), marks, anna)
        plan = plan_approvals(ALL, anna, 0.5)
        assert (len(plan.links), plan.n_kept) == (found, 2 - found)


def test_a_target_is_rejected_once_for_each_document(document: Document, anna: User) -> None:
    target, other = make_target("Target"), make_target("Other")
    for slot in ("inline", "related"):
        suggest(document, target, make_slot(slot))
    suggest(document, other)
    approved = make_document(make_article("Approved before"))
    suggest(approved, target)
    reviewing.approve(LinkRef(approved, make_slot(), target), user=anna, version=0)

    offered = plan_rejections(ALL, anna, target)
    assert pairs(offered) == [(document.pk, target.pk)]
    everywhere = plan_rejections(ALL, anna, target, approved_too=True)
    assert set(pairs(everywhere)) == {(document.pk, target.pk), (approved.pk, target.pk)}
    assert {row.version for row in everywhere.links.part(0, 2)} == {0, 1}
    assert pairs(plan_rejections(QueueFilter(slot="next"), anna, target)) == []


def test_what_an_editor_decided_in_a_period(document: Document, anna: User, ben: User) -> None:
    places = [LinkRef(document, make_slot(), make_target(f"T{n}")) for n in range(3)]
    began = timezone.now()
    for place in places:
        reviewing.approve(place, user=anna, version=0)
    reviewing.reject(places[1], user=ben, version=1)
    reviewing.reopen(places[2], user=anna, version=1)
    ended = timezone.now()

    def found(find: Any, wanted: QueueFilter = ALL, **period: Any) -> tuple[set[int], int]:
        between = {"since": began, "until": ended} | period
        plan = find(account_of(anna), wanted=wanted, user=anna, **between)
        return {target for _, target in pairs(plan)}, plan.n_kept

    targets = [place.target.pk for place in places]
    assert found(plan_reverting) == ({targets[0], targets[2]}, 1)
    assert found(plan_reopening) == ({targets[0]}, 1)
    assert found(plan_reverting, QueueFilter(slot="next")) == (set(), 0)
    assert found(plan_reverting, QueueFilter(section="bridge")) == (set(), 0)
    assert found(plan_reverting, QueueFilter(section="harbor"))[1] == 1
    assert found(plan_reverting, since=ended, until=None) == (set(), 0)
    assert found(plan_reverting, since=began - timedelta(days=1), until=began) == (set(), 0)


@pytest.mark.parametrize("n", [1, 3])
def test_planning_takes_the_same_queries_at_any_number(
    n: int, document: Document, anna: User, django_assert_num_queries: Any
) -> None:
    for number in range(n):
        suggest(document, make_target(f"T{number}"))
    plan_approvals(ALL, anna, 0.5)
    with django_assert_num_queries(3):  # slots, suggestions, what was taken back
        assert len(plan_approvals(ALL, anna, 0.5).links) == n
