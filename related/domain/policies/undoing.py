"""One undo for all that policies approved, or for what they approved since a moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from related.domain.decisions.conflicts import DecisionConflict
from related.domain.decisions.writing import OPEN, Change, LinkRef, change_decisions, setting
from related.domain.decisions.writing_many import change_each
from related.enums import Action
from related.models import Decision, DecisionLog, Slot
from related.models.decisions import DecisionQuerySet

AT_ONCE = 200  # decisions in one transaction


@dataclass(frozen=True, slots=True)
class TakenBack:
    n_undone: int
    n_waiting: int  # for which there was no time; the same again takes them back


def approved_by_policy(slots: Collection[Slot], since: datetime | None = None) -> DecisionQuerySet:
    """What stands as the policies of these slots approved it, and no editor changed since."""
    rows = Decision.objects.untouched().filter(slot__in=slots)
    return rows if since is None else rows.filter(decided_at__gte=since)


def take_back(
    slots: Collection[Slot],
    *,
    user: Any,
    since: datetime | None = None,
    seconds: float | None = None,
    at_once: int = AT_ONCE,
) -> TakenBack:
    """Put back what stood before, under one operation of the user's; the log keeps every entry.

    What an editor changed since stays as it is. What is taken back is an editor's to decide: no
    policy approves it again.
    """
    deadline = None if seconds is None else monotonic() + seconds
    operation, n_undone = uuid4(), 0
    rows = approved_by_policy(slots, since)
    while some := list(
        rows.order_by("document", "pk").select_related("document", "slot", "target")[:at_once]
    ):
        n_undone += _undo(some, user, operation)
        if deadline is not None and monotonic() > deadline:
            return TakenBack(n_undone, rows.count())
    return TakenBack(n_undone, 0)


def _undo(decisions: Sequence[Decision], user: Any, operation: UUID) -> int:
    entries = DecisionLog.objects.by_policies().filter(
        document__in={decision.document_id for decision in decisions}
    )
    did = {(e.document_id, e.slot_id, e.target_id): e.operation for e in entries}
    changes = [
        Change(
            LinkRef(decision.document, decision.slot, decision.target),
            Action.UNDO,
            setting(OPEN),
            decision.version,
            undoes=did.get((decision.document_id, decision.slot_id, decision.target_id)),
        )
        for decision in decisions
    ]
    try:
        return len(change_decisions(changes, user=user, operation=operation))
    except DecisionConflict:  # an editor was quicker with one of them
        return change_each(changes, user=user, operation=operation)[0]
