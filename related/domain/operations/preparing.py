"""Operations come to be: with a preview to look at, as an undo, or recorded by a command."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from related.domain.operations.planning import Plan, plan_undo
from related.domain.operations.running import start
from related.enums import BulkKind, BulkState
from related.models import BulkOperation

# So long a preview waits to be begun.
PREVIEWS_STAY = timedelta(days=1)


def prepare(
    kind: BulkKind,
    plan: Plan,
    *,
    user: Any,
    options: dict[str, Any],
    undoes: UUID | None = None,
) -> BulkOperation:
    """Keep the set of a plan, to be looked at and begun; old ones that nobody began are gone."""
    old = BulkOperation.objects.filter(
        state=BulkState.PREVIEWED, created_at__lt=timezone.now() - PREVIEWS_STAY
    )
    old.delete()
    return BulkOperation.objects.create(
        kind=kind,
        options=options,
        undoes=undoes,
        user=user,
        links=plan.links.pack(),
        n_links=len(plan.links),
        n_kept=plan.n_kept,
    )


def take_back(operation: BulkOperation, *, user: Any) -> BulkOperation | None:
    """Begin to put back what an operation changed, as far as it came; None where all of it
    changed again since, or it is an undo itself. One that is still running is stopped."""
    if operation.kind == BulkKind.UNDO:
        return None
    with transaction.atomic():
        BulkOperation.objects.running().filter(pk=operation.pk).update(state=BulkState.STOPPED)
        plan = plan_undo(operation.pk)
        if not len(plan.links):
            return None
        undo = prepare(BulkKind.UNDO, plan, user=user, options={}, undoes=operation.pk)
        start(undo)
    return undo


def undone_by(operation: BulkOperation) -> BulkOperation | None:
    """What took an operation back, if anything did."""
    return BulkOperation.objects.light().begun().filter(undoes=operation.pk).first()


def record(
    kind: BulkKind, *, user: Any, options: dict[str, Any], undoes: UUID | None = None
) -> BulkOperation:
    """An operation that a command does by itself; should it be killed, this one is stopped."""
    return BulkOperation.objects.create(
        id=uuid4(),
        kind=kind,
        state=BulkState.STOPPED,
        options=options,
        undoes=undoes,
        user=user,
        started_at=timezone.now(),
    )


def close_record(operation: BulkOperation, *, n_changed: int, n_left: int) -> None:
    """The command came to its end."""
    BulkOperation.objects.filter(pk=operation.pk).update(
        state=BulkState.FINISHED, n_changed=n_changed, n_left=n_left, finished_at=timezone.now()
    )
