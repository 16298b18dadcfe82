"""One undo for all that policies did, by the page and by the command."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from related.domain.attention.states import refresh_states
from related.domain.decisions import reviewing
from related.domain.decisions.ordering import move
from related.domain.decisions.undoing import last_step, undo
from related.domain.decisions.writing import LinkRef
from related.domain.policies.approving import approve_strong
from related.domain.policies.undoing import TakenBack, take_back
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document, Policy, ReviewState, Slot
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved() -> list[Document]:
    """Three pages, each with a link that a policy approved."""
    Policy.objects.create(slot=make_slot(), bar=0.8)
    documents = [make_document(make_article(f"Page {n}")) for n in range(3)]
    for document in documents:
        suggest(document, make_target(f"Strong for {document.pk}"), similarity=0.9)
    approve_strong([document.pk for document in documents], list(Policy.objects.all()))
    refresh_states([document.pk for document in documents])
    return documents


def verdicts() -> list[str]:
    return list(Decision.objects.order_by("document").values_list("verdict", flat=True))


def run(*options: str) -> str:
    stdout = StringIO()
    call_command("revert_decisions", *options, stdout=stdout)
    return stdout.getvalue()


def test_all_of_it_is_taken_back(approved: list[Document], anna: Any) -> None:
    operation = DecisionLog.objects.values_list("operation", flat=True).first()
    assert take_back([make_slot()], user=anna) == TakenBack(3, 0)
    assert verdicts() == [Verdict.OPEN] * 3
    undone = DecisionLog.objects.filter(action=Action.UNDO)
    assert {(e.actor_name, e.undoes) for e in undone} == {("anna", operation)}
    assert len(set(undone.values_list("operation", flat=True))) == 1
    row = ReviewState.objects.get(document=approved[0])
    assert (row.is_open, row.n_approved, row.n_by_policy) == (True, 0, 0)


def test_what_was_taken_back_is_not_approved_again(approved: list[Document], anna: Any) -> None:
    take_back([make_slot()], user=anna)
    assert approve_strong([d.pk for d in approved], list(Policy.objects.all())) == set()
    assert verdicts() == [Verdict.OPEN] * 3


def test_what_an_editor_changed_since_stays(approved: list[Document], anna: Any) -> None:
    first = Decision.objects.order_by("document")[0]
    reviewing.pin(LinkRef(first.document, first.slot, first.target), user=anna, version=1)
    assert take_back([make_slot()], user=anna).n_undone == 2
    assert verdicts() == [Verdict.APPROVED, Verdict.OPEN, Verdict.OPEN]


def test_what_an_editor_put_back_to_what_the_policy_said_is_undone_with_the_rest(
    approved: list[Document], anna: Any
) -> None:
    first = Decision.objects.order_by("document")[0]
    reviewing.reject(LinkRef(first.document, first.slot, first.target), user=anna, version=1)
    step = last_step(anna)
    assert step is not None
    undo(step.operation, step.document, user=anna)
    assert take_back([make_slot()], user=anna).n_undone == 3


def test_an_order_that_an_editor_gave_stays(approved: list[Document], anna: Any) -> None:
    first = Decision.objects.order_by("document")[0]
    other = make_target("By hand")
    link = LinkRef(first.document, first.slot, other)
    reviewing.approve(link, user=anna, version=0)
    move(link, up=True, user=anna, version=1)
    assert take_back([make_slot()], user=anna).n_undone == 2


def test_since_a_time_and_slot_by_slot(approved: list[Document], anna: Any) -> None:
    first = Decision.objects.order_by("document")[0]
    old = timezone.now() - timedelta(days=3)
    Decision.objects.filter(pk=first.pk).update(decided_at=old)
    since = timezone.now() - timedelta(days=1)
    assert take_back([make_slot("next")], user=anna).n_undone == 0
    assert take_back([make_slot()], user=anna, since=since).n_undone == 2
    assert verdicts() == [Verdict.APPROVED, Verdict.OPEN, Verdict.OPEN]


def test_what_there_is_no_time_for_waits_for_the_next_press(
    approved: list[Document], anna: Any
) -> None:
    assert take_back([make_slot()], user=anna, seconds=0, at_once=2) == TakenBack(2, 1)
    assert take_back([make_slot()], user=anna, seconds=0, at_once=2) == TakenBack(1, 0)


def test_the_command_does_the_same(approved: list[Document], anna: Any) -> None:
    assert "3 decisions put back." in run("--policy", "all", "--dry-run")
    assert verdicts() == [Verdict.APPROVED] * 3
    assert run("--policy", "next", "--user", "anna") == "0 decisions put back.\n"
    assert run("--policy", "related", "--since", "2020-01-01", "--user", "anna") == (
        "3 decisions put back.\n"
    )
    assert verdicts() == [Verdict.OPEN] * 3


def test_the_command_asks_for_what_it_needs(approved: list[Document], anna: Any) -> None:
    with pytest.raises(CommandError, match="Slots: previous, next, inline, related, section"):
        run("--policy", "other", "--dry-run")
    with pytest.raises(CommandError, match="--user"):
        run("--policy", "all")
    with pytest.raises(CommandError, match="--since"):
        run("--by", "anna")
    with pytest.raises(CommandError, match="no user"):  # a policy is no account
        run("--by", "policy: above 0.80", "--since", "2020-01-01", "--dry-run")
    assert Slot.objects.filter(policy__bar=0.8).exists()
