"""Taking back what one operation did: what the log says stood before is put back.

Every editor has a stack of steps, over all articles: each undo takes back the latest one that
still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext as _

from related.domain.bulk_rows import chunked
from related.domain.decisions.conflicts import DecisionConflict, one_click, undo_conflict
from related.domain.decisions.putting_back import put_back
from related.domain.decisions.writing import (
    OPEN,
    STATE_FIELDS,
    Change,
    LinkRef,
    change_decisions,
    setting,
)
from related.domain.decisions.writing_many import change_each
from related.enums import Action, BulkKind
from related.models import BulkOperation, Decision, DecisionLog, Document
from related.models.decisions import DecisionLogQuerySet

# How far back the steps of an editor are looked for, in entries of the log.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One click of an editor, which can be taken back; filling what articles leave behind is one
    click on many documents. Or an operation in bulk."""

    operation: UUID
    document: Document  # of an operation in bulk: the first that it changed
    entries: list[DecisionLog]  # the newest first; of one in bulk those of that document alone
    is_bulk: bool = False  # taken back as a whole, by ``operations.preparing.take_back``

    @property
    def at(self) -> datetime:
        return self.entries[0].at

    @property
    def documents(self) -> list[Document]:
        return list({entry.document_id: entry.document for entry in self.entries}.values())


def last_step(user: Any, document: Document | None = None) -> Step | None:
    """The latest step of an editor that is not taken back yet, on whichever document.

    Args:
        document: the one that is looked at; of several that the step was on it goes first.
    """
    done: set[tuple[UUID | None, int]] = set()  # taken back already, or looked at
    taken_back: set[UUID | None] = set()
    for operation, document_id, action, undoes, is_bulk in _latest(user):
        if is_bulk:
            if operation not in taken_back:
                entries = list(_all_of(operation).filter(document=document_id))
                return Step(operation, entries[0].document, entries, is_bulk=True)
        elif action == Action.UNDO:
            done.add((undoes, document_id))
            taken_back.add(undoes)
            if undoes is None:  # of an older version, which did not say
                return None
        elif (operation, document_id) not in done:
            done.add((operation, document_id))
            here = _of(operation).filter(document=document_id)
            if not any(entry.after.get("is_bulk") for entry in here):  # of an older version
                return _step(operation, document)
    return None


def _step(operation: UUID, document: Document | None) -> Step:
    entries = list(_of(operation))
    here = [entry for entry in entries if document is not None and entry.document_id == document.pk]
    return Step(operation, (here or entries)[0].document, entries)


def _latest(user: Any) -> list[tuple[UUID, int, str, UUID | None, bool]]:
    """Operation, document, action and undone operation of an editor's latest entries, and whether
    it is one in bulk, of which the first entry stands for all. Where that puts back a heading or
    the like, links are none in it, and it is an undo as others are."""
    in_bulk = BulkOperation.objects.filter(pk=OuterRef("operation")).exclude(kind=BulkKind.UNDO)
    is_of_links = Q(Exists(in_bulk)) & ~Q(action=Action.UNDO, target=None)
    entries = DecisionLog.objects.filter(actor=user, is_folded=False)
    fields = ("operation", "document_id", "action", "undoes")
    is_bulk = ExpressionWrapper(is_of_links, BooleanField())
    return list(entries.values_list(*fields, is_bulk)[:LOOKED_AT])


def undo_step(step: Step, *, user: Any) -> None:
    """Take a step back on every document that it was on: all of it, or nothing.

    Raises:
        DecisionConflict: something of it changed again since.
    """
    undone = uuid4()
    with one_click():
        for document in step.documents:
            undo(step.operation, document, user=user, undone=undone)


def undo(operation: UUID, document: Document, *, user: Any, undone: UUID | None = None) -> int:
    """Put back what stood on one document before an operation: all of it, or nothing.

    What a bulk approval did on other documents stays.

    Args:
        undone: the operation that this is; a new one unless told otherwise.

    Returns:
        How many entries of the log were taken back.

    Raises:
        DecisionConflict: something of it changed again since.
    """
    entries = list(_of(operation).filter(document=document))
    of_links = [entry for entry in entries if entry.target_id is not None]
    others = [entry for entry in entries if entry.target_id is None]
    undone = undone or uuid4()
    try:
        with one_click():
            changes = [restoring(entry, version) for entry, version in _standing(of_links, user)]
            change_decisions(changes, user=user, operation=undone)
            for entry in others:
                put_back(entry, user, undone)
    except DecisionConflict as conflict:
        raise undo_conflict() from conflict
    return len(entries)


def undo_operation(operation: UUID, *, user: Any, undone: UUID) -> tuple[int, int]:
    """Put back what stood before an operation, on every document that it was on.

    What changed since stays as it is, except that a click on a single document is taken back as a
    whole or not at all.

    Args:
        undone: the operation that this is.

    Returns:
        How many decisions were put back, and how many stay because they changed since.

    Raises:
        DecisionConflict: the operation was on one document, and something changed since.
        LookupError: the log has no such operation.
    """
    document_ids = sorted(set(_of(operation).values_list("document", flat=True)))
    if not document_ids:
        message = _("The decision log has no operation %(operation)s.")
        raise LookupError(message % {"operation": operation})
    if len(document_ids) == 1:
        document = Document.objects.get(pk=document_ids[0])
        return undo(operation, document, user=user, undone=undone), 0
    n_undone = n_left = 0
    for some in chunked(document_ids):
        entries = _of(operation).of_decisions().filter(document__in=some)
        changes = [restoring(entry, entry.version) for entry in entries]
        counts = change_each(changes, user=user, operation=undone)
        n_undone, n_left = n_undone + counts[0], n_left + counts[1]
    return n_undone, n_left


def restoring(entry: DecisionLog, version: int) -> Change:
    """Puts back what stood before an entry of the log, if the decision is still at ``version``."""
    assert entry.slot is not None
    assert entry.target is not None
    link = LinkRef(entry.document, entry.slot, entry.target)
    # What older entries do not name had not been there yet.
    before = OPEN | entry.before
    return Change(link, Action.UNDO, setting(before), version, undoes=entry.operation)


def _of(operation: UUID) -> DecisionLogQuerySet:
    """What an operation did; an undo is not undone."""
    return _all_of(operation).exclude(action=Action.UNDO)


def _all_of(operation: UUID) -> DecisionLogQuerySet:
    entries = DecisionLog.objects.filter(operation=operation)
    return entries.select_related("document", "slot", "target")


def _standing(entries: Sequence[DecisionLog], user: Any) -> Iterable[tuple[DecisionLog, int]]:
    """Each entry with the version that its decision has now, where what it did stands again or
    still: nobody changed it since, or the same editor took all later changes back."""
    if not entries:
        return
    document = entries[0].document
    decisions = {(d.slot_id, d.target_id): d for d in Decision.objects.filter(document=document)}
    for entry in entries:
        assert entry.slot_id is not None
        assert entry.target_id is not None
        decision = decisions.get((entry.slot_id, entry.target_id))
        if decision is None:
            raise undo_conflict()
        stands = {name: getattr(decision, name) for name in STATE_FIELDS}
        is_own = decision.decided_by_id == user.pk and stands == OPEN | entry.after
        yield entry, decision.version if is_own else entry.version
