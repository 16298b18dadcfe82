"""Changes that do not depend on each other: what a conflict costs, how many queries they take."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from related.domain.decisions import reviewing
from related.domain.decisions.writing import Change, LinkRef
from related.domain.decisions.writing_many import change_each
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document
from tests.related.desk_documents import make_article, make_document, make_slot, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


@pytest.fixture
def document() -> Document:
    return make_document(make_article("Ferry delayed"))


def approvals(document: Document, n: int, *, version: int = 0) -> list[Change]:
    slot = make_slot()
    links = [LinkRef(document, slot, make_target(f"Target {number}")) for number in range(n)]
    approved = {"verdict": Verdict.APPROVED.value, "reasons": ["ferry"]}
    return [Change(link, Action.APPROVE, lambda state: state | approved, version) for link in links]


def test_first_decisions_are_stored_as_clicks_are(document: Document, anna: User) -> None:
    together, alone = approvals(document, 2)
    reviewing.approve(alone.link, user=anna, version=0)
    operation = uuid4()
    assert change_each([together], user=anna, operation=operation) == (1, 0)

    names = ("document", "slot", "verdict", "is_pinned", "position", "decided_by", "version")
    assert len(set(Decision.objects.values_list(*names))) == 1
    entry, other = DecisionLog.objects.all()
    assert (entry.operation, entry.actor_name, entry.note) == (operation, "anna", "")
    assert (entry.before, entry.version) == (other.before, other.version)
    assert entry.after == other.after | {"reasons": ["ferry"]}


def test_a_conflict_costs_that_change_alone(document: Document, anna: User) -> None:
    ben = User.objects.create_user("ben")
    changes = approvals(document, 3)
    reviewing.reject(changes[1].link, user=ben, version=0)

    assert change_each(changes, user=anna, operation=uuid4()) == (2, 1)

    verdicts = Decision.objects.order_by("target").values_list("verdict", flat=True)
    assert list(verdicts) == [Verdict.APPROVED, Verdict.REJECTED, Verdict.APPROVED]
    assert DecisionLog.objects.count() == 3


def test_a_version_from_nowhere_is_left(document: Document, anna: User) -> None:
    assert change_each(approvals(document, 1, version=4), user=anna, operation=uuid4()) == (0, 1)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("n", [1, 3])
def test_first_decisions_take_the_same_queries_at_any_number(
    document: Document, anna: User, n: int, django_assert_num_queries: Any
) -> None:
    changes = approvals(document, n)
    with django_assert_num_queries(28):  # both tables, in a savepoint of the test's transaction
        change_each(changes, user=anna, operation=uuid4())


def test_without_changes_nothing_is_asked(anna: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert change_each([], user=anna, operation=uuid4()) == (0, 0)
    assert not [query for query in queries if "related_" in query["sql"]]
