"""Taking back what one operation did: what the log says stood before is put back.

Every editor has a stack of steps, over all articles: each undo takes back the latest one that
still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from related.domain.attention.states import restore_closed
from related.domain.bulk_rows import chunked
from related.domain.decisions.conflicts import DecisionConflict, undo_conflict
from related.domain.decisions.headings import set_heading
from related.domain.decisions.keeping import take_back_keeping
from related.domain.decisions.summaries import write_summary
from related.domain.decisions.telling import take_back_telling
from related.domain.decisions.writing import (
    OPEN,
    STATE_FIELDS,
    Change,
    LinkRef,
    change_decisions,
    change_each,
    log_change,
    one_click,
)
from related.enums import Action
from related.models import Decision, DecisionLog, Document, SlotHeading, Summary
from related.models.decisions import DecisionLogQuerySet

# How far back the steps of an editor are looked for, in entries of the log.
LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One click of an editor on one document, which can be taken back."""

    operation: UUID
    document: Document
    entries: list[DecisionLog]  # the newest first


def last_step(user: Any, document: Document | None = None) -> Step | None:
    """The latest step of an editor that is not taken back yet, on whichever document.

    Args:
        document: where a bulk approval counts as a step as well; on others it was no click.
    """
    done: set[tuple[UUID | None, int]] = set()  # taken back already, or looked at
    for operation, document_id, action, undoes in _latest(user, document):
        if action == Action.UNDO:
            done.add((undoes, document_id))
            if undoes is None:  # of an older version, which did not say
                return None
        elif (operation, document_id) not in done:
            done.add((operation, document_id))
            entries = list(_of(operation).filter(document=document_id))
            is_here = document is not None and document_id == document.pk
            if is_here or not any(entry.after.get("is_bulk") for entry in entries):
                return Step(operation, entries[0].document, entries)
    return None


def _latest(user: Any, document: Document | None) -> list[tuple[UUID, int, str, UUID | None]]:
    """Operation, document, action, undone operation of an editor's latest entries; of those on
    ``document`` too, where others are many."""
    fields = ("pk", "operation", "document_id", "action", "undoes")
    entries = DecisionLog.objects.filter(actor=user).values_list(*fields)
    latest = list(entries[:LOOKED_AT])
    if document is not None and len(latest) == LOOKED_AT:
        here = entries.filter(document=document)[:LOOKED_AT]
        latest = sorted({*latest, *here}, key=lambda entry: -entry[0])
    return [entry[1:] for entry in latest]


def undo(operation: UUID, document: Document, *, user: Any) -> int:
    """Put back what stood on one document before an operation: all of it, or nothing.

    What a bulk approval did on other documents stays.

    Returns:
        How many entries of the log were taken back.

    Raises:
        DecisionConflict: something of it changed again since.
    """
    entries = list(_of(operation).filter(document=document))
    of_links = [entry for entry in entries if entry.target_id is not None]
    others = [entry for entry in entries if entry.target_id is None]
    undone = uuid4()
    try:
        with one_click():
            changes = [restoring(entry, version) for entry, version in _standing(of_links, user)]
            change_decisions(changes, user=user, operation=undone)
            for entry in others:
                _put_back(entry, user, undone)
    except DecisionConflict as conflict:
        raise undo_conflict() from conflict
    return len(entries)


def undo_operation(operation: UUID, *, user: Any) -> tuple[int, int]:
    """Put back what stood before an operation, on every document that it was on.

    What changed since stays as it is, except that a click on a single document is taken back as a
    whole or not at all.

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
        return undo(operation, Document.objects.get(pk=document_ids[0]), user=user), 0
    n_undone = n_left = 0
    undone = uuid4()
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
    return Change(link, Action.UNDO, lambda state: before, version, undoes=entry.operation)


def _of(operation: UUID) -> DecisionLogQuerySet:
    """What an operation did; an undo is not undone."""
    entries = DecisionLog.objects.filter(operation=operation).exclude(action=Action.UNDO)
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


def _put_back(entry: DecisionLog, user: Any, operation: UUID) -> None:
    """All that is no decision: a heading, a summary, a page that was called done, and so on."""
    document = entry.document
    if entry.action == Action.STORY:
        take_back_telling(entry, user=user, operation=operation)
    elif entry.action == Action.KEEP:
        take_back_keeping(entry, user=user, operation=operation)
    elif entry.action == Action.SUMMARY:
        summary = Summary.objects.get(document=document)
        if (summary.text, summary.text_hash) != (entry.after["text"], entry.after["text_hash"]):
            raise undo_conflict()
        write_summary(
            document,
            entry.before,
            user=user,
            version=summary.version,
            operation=operation,
            undoes=entry.operation,
        )
    elif entry.action == Action.HEADING:
        assert entry.slot is not None
        rows = SlotHeading.objects.filter(document=document, slot=entry.slot)
        if (rows.values_list("heading", flat=True).first() or "") != entry.after["heading"]:
            raise undo_conflict()
        heading = entry.before["heading"]
        set_heading(document, entry.slot, heading, user=user, undoes=entry.operation)
    else:
        restore_closed(document, entry.before)
        log_change(
            document,
            Action.UNDO,
            entry.after,
            entry.before,
            user=user,
            operation=operation,
            undoes=entry.operation,
        )
