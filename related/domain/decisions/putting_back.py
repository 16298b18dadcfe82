"""What an editor wrote or said beside links: whether it still holds, and what stood before put
back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from related.domain.attention.states import restore_closed
from related.domain.decisions.conflicts import undo_conflict
from related.domain.decisions.headings import heading_of, set_heading
from related.domain.decisions.keeping import find_keeping, take_back_keeping
from related.domain.decisions.sensitivity import mark_document
from related.domain.decisions.summaries import write_summary
from related.domain.decisions.telling import said_of, take_back_telling
from related.domain.decisions.writing import State, log_undo
from related.enums import Action
from related.models import DecisionLog, Sensitivity, Summary


def holds(entry: DecisionLog, state: State) -> bool:
    """Whether a state that an entry of the log names, before or after, is what stands now."""
    if entry.action == Action.HEADING:
        assert entry.slot is not None
        return heading_of(entry.document, entry.slot) == str(state["heading"])
    if entry.action == Action.SUMMARY:
        texts = {"text": state["text"], "text_hash": state["text_hash"]}
        return Summary.objects.filter(document=entry.document, **texts).exists()
    if entry.action == Action.SENSITIVE:
        marks = state["marks"]
        return Sensitivity.objects.filter(document=entry.document, marks=marks).exists()
    if entry.action == Action.STORY:
        return said_of(*entry.after["pair"]) == str(state["telling"])
    assert entry.action == Action.KEEP
    return find_keeping(entry).exists() == bool(state["kept"])


def put_back(entry: DecisionLog, user: Any, operation: UUID) -> None:
    """Put back what stood before an entry that is no decision: a heading, a summary, a page that
    was called done, and so on.

    Raises:
        DecisionConflict: somebody changed it since.
    """
    document = entry.document
    written: dict[str, Any] = {"user": user, "operation": operation, "undoes": entry.operation}
    if entry.action == Action.STORY:
        take_back_telling(entry, user=user, operation=operation)
    elif entry.action == Action.KEEP:
        take_back_keeping(entry, user=user, operation=operation)
    elif entry.action == Action.SENSITIVE:
        mark_document(document, entry.before["marks"], seen=entry.after["marks"], **written)
    elif entry.action == Action.SUMMARY:
        version = Summary.objects.values_list("version", flat=True).get(document=document)
        if not holds(entry, entry.after):
            raise undo_conflict()
        write_summary(document, entry.before, version=version, **written)
    elif entry.action == Action.HEADING:
        if not holds(entry, entry.after):
            raise undo_conflict()
        assert entry.slot is not None
        set_heading(document, entry.slot, entry.before["heading"], **written)
    else:
        restore_closed(document, entry.before)
        log_undo(entry, user=user, operation=operation)
