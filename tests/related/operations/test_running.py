"""An operation in bulk changes what was previewed, in pieces, and can be taken back as one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection

from newsroom.articles.models import Article
from related import tasks
from related.domain.decisions import reviewing
from related.domain.decisions.accounts import Account
from related.domain.decisions.undoing import last_step
from related.domain.decisions.writing import STATE_FIELDS, LinkRef
from related.domain.desk.queue import QueueFilter
from related.domain.operations import running
from related.domain.operations.planning import plan_approvals, plan_rejections, plan_reverting
from related.domain.operations.preparing import prepare, take_back, undone_by
from related.domain.rebuilds.rebuilding import process_once
from related.enums import BulkKind, BulkState, Mark, Verdict
from related.models import BulkOperation, Decision, DecisionLog, Document, Suggestion
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)
from tests.related.marks import mark

pytestmark = pytest.mark.django_db

LONG = 60.0  # seconds


@pytest.fixture
def documents() -> list[Document]:
    """Three pages that propose one link each."""
    made = [make_document(make_article(f"Story {n}", days_ago=n + 1)) for n in range(3)]
    for document in made:
        suggest(document, make_target(f"Older than {document.pk}"))
    return made


@pytest.fixture
def approval(documents: list[Document], anna: User) -> BulkOperation:
    """Previewed, not begun."""
    plan = plan_approvals(QueueFilter(), anna, 0.5)
    assert len(plan.links) == 3
    return prepare(BulkKind.APPROVE, plan, user=anna, options={"chance": 0.5})


def run(operation: BulkOperation) -> BulkOperation:
    assert running.start(operation)
    assert not running.work_on(operation.pk, seconds=LONG)
    operation.refresh_from_db()
    return operation


def counts(operation: BulkOperation) -> tuple[int, int, int]:
    return operation.n_changed, operation.n_left, operation.n_refused


def states() -> list[tuple[Any, ...]]:
    return sorted(Decision.objects.values_list("document", "target", *STATE_FIELDS), key=str)


def test_nothing_changes_before_it_is_begun(approval: BulkOperation) -> None:
    assert not running.work_on(approval.pk, seconds=LONG)
    assert not running.carry_on(seconds=LONG)
    assert not Decision.objects.exists()


def test_what_was_previewed_is_approved(approval: BulkOperation, anna: User) -> None:
    run(approval)
    assert (approval.state, counts(approval)) == (BulkState.FINISHED, (3, 0, 0))
    decision = Decision.objects.first()
    assert decision is not None
    assert (decision.is_bulk, decision.similarity, decision.decided_by) == (True, 0.5, anna)
    assert not running.start(approval)


def test_what_changed_since_the_preview_is_left_out_and_counted(
    approval: BulkOperation, documents: list[Document], ben: User
) -> None:
    first, second, third = Suggestion.objects.order_by("document")
    reviewing.reject(LinkRef(first.document, first.slot, first.target), user=ben, version=0)
    second.delete()  # of a rebuild
    suggest(third.document, make_target("Found since"))

    run(approval)

    assert counts(approval) == (1, 2, 0)
    assert Decision.objects.approved().get().target == third.target
    assert Decision.objects.get(document=first.document).decided_by == ben


def test_what_was_marked_since_the_preview_is_left_out(
    approval: BulkOperation, documents: list[Document], anna: User
) -> None:
    barred = Suggestion.objects.get(document=documents[0]).target
    mark(Article.objects.get(pk=barred.object_id), Mark.NEVER_SUGGEST, anna)
    mark(Article.objects.get(pk=documents[1].object_id), Mark.SENSITIVE, anna)
    assert counts(run(approval)) == (1, 2, 0)
    assert Decision.objects.approved().get().document == documents[2]


def test_what_is_weaker_now_is_left_out(approval: BulkOperation) -> None:
    Suggestion.objects.update(score=0.1)
    assert counts(run(approval)) == (0, 3, 0)


def test_a_worker_that_is_killed_leaves_whole_pieces(approval: BulkOperation) -> None:
    running.start(approval)
    written: list[str] = []

    def die(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('INSERT INTO "related_decisionlog"'):
            written.append(sql)
            if len(written) == 2:
                raise OperationalError("connection lost")
        return execute(sql, *args)

    with connection.execute_wrapper(die), pytest.raises(OperationalError):
        running.work_on(approval.pk, seconds=LONG, at_once=2)

    approval.refresh_from_db()
    assert (approval.n_done, approval.n_changed, approval.state) == (2, 2, BulkState.RUNNING)
    assert Decision.objects.count() == DecisionLog.objects.count() == 2
    assert process_once()  # whoever looks for work goes on
    approval.refresh_from_db()
    assert (approval.state, counts(approval)) == (BulkState.FINISHED, (3, 0, 0))


def test_of_two_workers_one_has_the_piece(approval: BulkOperation) -> None:
    running.start(approval)
    began: list[str] = []

    def be_quicker(execute: Callable[..., Any], sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "related_bulkoperation"') and not began:
            began.append(sql)
            running.work_on(approval.pk, seconds=0, at_once=1)
        return execute(sql, *args)

    with connection.execute_wrapper(be_quicker):
        assert not running.work_on(approval.pk, seconds=LONG)
    approval.refresh_from_db()
    assert (approval.n_done, counts(approval)) == (1, (1, 0, 0))
    assert DecisionLog.objects.count() == 1


def test_a_piece_at_a_time_and_the_task_does_the_rest(approval: BulkOperation) -> None:
    running.start(approval)
    assert running.work_on(approval.pk, seconds=0, at_once=1)
    assert Decision.objects.count() == 1
    tasks.work_in_bulk(str(approval.pk))
    approval.refresh_from_db()
    assert (approval.state, counts(approval)) == (BulkState.FINISHED, (3, 0, 0))


def test_an_editor_who_may_not_decide_any_more_stops_it(
    approval: BulkOperation, anna: User
) -> None:
    running.start(approval)
    anna.groups.clear()
    assert not running.work_on(approval.pk, seconds=LONG)
    approval.refresh_from_db()
    assert (approval.state, approval.n_changed) == (BulkState.STOPPED, 0)


def test_other_sections_are_refused(approval: BulkOperation, documents: list[Document]) -> None:
    anna = approval.user
    assert anna is not None
    for group in anna.groups.all():
        group.permissions.remove(*group.permissions.filter(codename="edit_all_sections"))
    assert counts(run(approval)) == (0, 0, 3)


def test_one_undo_takes_all_of_it_back(
    approval: BulkOperation, documents: list[Document], anna: User, ben: User
) -> None:
    other = LinkRef(documents[0], make_slot("inline"), make_target("By hand"))
    reviewing.approve(other, user=anna, version=0)
    before = states()
    run(approval)
    step = last_step(anna)
    assert step is not None
    assert (step.is_bulk, step.operation) == (True, approval.pk)

    undo = take_back(approval, user=anna)

    assert undo is not None
    running.work_on(undo.pk, seconds=LONG)
    undo.refresh_from_db()
    assert (undo.state, counts(undo)) == (BulkState.FINISHED, (3, 0, 0))
    assert undone_by(approval) == undo
    assert [state for state in states() if state[2] != Verdict.OPEN] == before
    step = last_step(anna)
    assert step is not None
    assert (step.is_bulk, step.document) == (False, documents[0])
    assert take_back(approval, user=ben) is None


def test_what_came_about_before_a_stop_is_taken_back_too(
    approval: BulkOperation, anna: User
) -> None:
    running.start(approval)
    running.work_on(approval.pk, seconds=0, at_once=1)
    assert Decision.objects.approved().count() == 1

    undo = take_back(approval, user=anna)

    assert undo is not None
    approval.refresh_from_db()
    assert (approval.state, undo.n_links) == (BulkState.STOPPED, 1)
    running.work_on(undo.pk, seconds=LONG)
    assert not Decision.objects.approved().exists()


def test_rejections_and_reverts_are_taken_back_as_well(
    documents: list[Document], anna: User, ben: User
) -> None:
    target = make_target("Rejected everywhere")
    for document in documents:
        suggest(document, target)
    place = LinkRef(documents[0], make_slot(), target)
    reviewing.approve(place, user=anna, version=0, note="good")
    started = Decision.objects.get().decided_at
    plan = plan_rejections(QueueFilter(), ben, target, approved_too=True)
    options = {"target": target.label, "title": "", "approved_too": True}
    rejection = run(prepare(BulkKind.REJECT, plan, user=ben, options=options))
    assert counts(rejection) == (3, 0, 0)
    rejected = Decision.objects.rejected()
    assert [d.is_bulk for d in rejected] == [True] * 3
    after = states()

    account = Account(str(ben.pk), "ben", ben)
    plan = plan_reverting(account, started, None, QueueFilter(), anna)
    revert = run(prepare(BulkKind.REVERT, plan, user=anna, options={}))
    assert counts(revert) == (3, 0, 0)
    assert Decision.objects.approved().get().note == "good"
    assert not Decision.objects.rejected().exists()
    step = last_step(anna)
    assert step is not None
    assert step.operation == revert.pk

    undo = take_back(revert, user=anna)
    assert undo is not None
    running.work_on(undo.pk, seconds=LONG)
    assert states() == after


@pytest.mark.parametrize("n", [1, 3])
def test_a_piece_takes_the_same_queries_at_any_number(
    n: int, document: Document, anna: User, django_assert_num_queries: Any
) -> None:
    for number in range(n):
        suggest(document, make_target(f"T{number}"))
    plan = plan_approvals(QueueFilter(), anna, 0.5)
    operation = prepare(BulkKind.APPROVE, plan, user=anna, options={"chance": 0.5})
    running.start(operation)
    with django_assert_num_queries(41):
        running.work_on(operation.pk, seconds=LONG)
