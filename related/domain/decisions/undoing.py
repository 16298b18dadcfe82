"""Taking a click back: what the log says stood before, all of it or nothing."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from related.domain.decisions.writing import (
    Change,
    DecisionConflict,
    LinkRef,
    State,
    change_decisions,
)
from related.enums import Action
from related.models import Decision, DecisionLog, Document

UNDO_REFUSED = _("Not undone: something has changed since. The page shows the current state.")


def undo(operation: UUID, document: Document, *, user: Any) -> None:
    """Put back what stood on one document before one click: all of it, or nothing.

    What a bulk approval did on other documents stays.

    Raises:
        DecisionConflict: one of the decisions changed again since.
    """
    entries = DecisionLog.objects.filter(operation=operation, document=document)
    try:
        change_decisions(undoing(entries), user=user)
    except DecisionConflict as conflict:
        raise DecisionConflict(UNDO_REFUSED) from conflict


def undoing(entries: QuerySet[DecisionLog]) -> list[Change]:
    """The changes that take these entries of the log back; what is an undo itself is left out."""
    rows = entries.exclude(action=Action.UNDO).select_related("document", "slot", "target")
    return [
        Change(
            LinkRef(entry.document, entry.slot, entry.target),
            Action.UNDO,
            partial(restored, before=entry.before),
            entry.version,
        )
        for entry in rows
    ]


def last_operation(document: Document, user: Any) -> list[DecisionLog]:
    """The document's entries of the user's latest click on it, if it can still be undone."""
    latest = DecisionLog.objects.filter(document=document, actor=user).first()
    if latest is None or latest.action == Action.UNDO:
        return []
    entries = list(
        DecisionLog.objects.filter(operation=latest.operation, document=document).select_related(
            "slot", "target"
        )
    )
    versions = {
        (d.slot_id, d.target_id): d.version for d in Decision.objects.filter(document=document)
    }
    if any(versions.get((e.slot_id, e.target_id)) != e.version for e in entries):
        return []
    return entries


def restored(state: State, before: State) -> State:
    return before
