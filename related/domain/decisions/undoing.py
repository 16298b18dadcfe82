"""Taking back what one operation did: what the log says stood before is put back."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from related.domain.bulk_rows import chunked
from related.domain.decisions.conflicts import DecisionConflict, undo_conflict
from related.domain.decisions.writing import (
    OPEN,
    Change,
    LinkRef,
    change_decisions,
    change_each,
)
from related.enums import Action
from related.models import Decision, DecisionLog, Document


def undo(operation: UUID, document: Document, *, user: Any) -> int:
    """Put back what stood on one document before an operation: all of it, or nothing.

    What a bulk approval did on other documents stays.

    Returns:
        How many decisions were put back.

    Raises:
        DecisionConflict: one of the decisions changed again since.
    """
    entries = DecisionLog.objects.filter(operation=operation, document=document)
    try:
        return len(change_decisions(_restoring_all(entries), user=user))
    except DecisionConflict as conflict:
        raise undo_conflict() from conflict


def undo_operation(operation: UUID, *, user: Any) -> tuple[int, int]:
    """Put back what stood before an operation, on every document that it was on.

    What changed since stays as it is, except that a click on a single document is taken back as a
    whole or not at all. Summaries are not in the log and stay.

    Returns:
        How many decisions were put back, and how many stay because they changed since.

    Raises:
        DecisionConflict: the operation was on one document, and something changed since.
        LookupError: the log has no such operation.
    """
    entries = DecisionLog.objects.filter(operation=operation)
    document_ids = sorted(set(entries.values_list("document", flat=True)))
    if not document_ids:
        message = _("The decision log has no operation %(operation)s.")
        raise LookupError(message % {"operation": operation})
    if len(document_ids) == 1:
        return undo(operation, Document.objects.get(pk=document_ids[0]), user=user), 0
    n_undone = n_left = 0
    undone = uuid4()
    for some in chunked(document_ids):
        changes = _restoring_all(entries.filter(document__in=some))
        counts = change_each(changes, user=user, operation=undone)
        n_undone, n_left = n_undone + counts[0], n_left + counts[1]
    return n_undone, n_left


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


def restoring(entry: DecisionLog, version: int) -> Change:
    """Puts back what stood before an entry of the log, if the decision is still at ``version``."""
    link = LinkRef(entry.document, entry.slot, entry.target)
    # What older entries do not name had not been there yet.
    return Change(link, Action.UNDO, lambda state: OPEN | entry.before, version)


def _restoring_all(entries: QuerySet[DecisionLog]) -> list[Change]:
    """The changes that take entries of the log back; what is an undo itself is left out."""
    rows = entries.exclude(action=Action.UNDO).select_related("document", "slot", "target")
    return [restoring(entry, entry.version) for entry in rows]
