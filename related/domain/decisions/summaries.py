"""The summary that an editor approves, tied to the body that it was written for."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from related.domain.attention.states import refresh_states
from related.domain.decisions.conflicts import body_conflict, summary_conflict
from related.domain.decisions.writing import State, log_change
from related.domain.documents.reading import body_hash
from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.enums import Action
from related.models import Document, Summary


def approve_summary(
    document: Document,
    obj: Any,
    text: str,
    *,
    user: Any,
    version: int,
    body_seen: str | None = None,
    operation: UUID | None = None,
    is_bulk: bool = False,
) -> Summary:
    """Publish a summary for the body of ``obj``; it hides once the body changes.

    An empty text takes the summary down.

    Args:
        body_seen: ``body_hash`` of the body that the editor had before them, where that was in
            an earlier request; None when it is the one of ``obj``.

    Raises:
        DecisionConflict: another editor saved one since ``version`` was read (0: there was none),
            or the body is no longer the one that the editor saw.
    """
    body = body_hash(document.source, obj)
    if body_seen is not None and body_seen != body:
        raise body_conflict()
    after: State = {"text": text, "text_hash": body} | ({"is_bulk": True} if is_bulk else {})
    return write_summary(document, after, user=user, version=version, operation=operation)


def write_summary(
    document: Document,
    after: State,
    *,
    user: Any,
    version: int,
    operation: UUID | None = None,
    undoes: UUID | None = None,
) -> Summary:
    """Store a text and the hash of the body that it is for, with an entry in the log.

    Raises:
        DecisionConflict: another editor saved one since ``version`` was read.
    """
    with transaction.atomic():
        summary = Summary.objects.get_or_create(document=document)[0]
        before = {"text": summary.text, "text_hash": summary.text_hash}
        won = Summary.objects.filter(pk=summary.pk, version=version).update(
            text=after["text"],
            text_hash=after["text_hash"],
            approved_by=user,
            approved_at=timezone.now(),
            version=version + 1,
        )
        if not won:
            raise summary_conflict()
        log_change(
            document,
            Action.SUMMARY if undoes is None else Action.UNDO,
            before,
            after,
            user=user,
            operation=operation or uuid4(),
            version=version + 1,
            undoes=undoes,
        )
        refresh_states([document.pk])
        rewrite_pages([document.pk])
        announce_changes([document.pk])
    summary.refresh_from_db()
    return summary
