"""One key for a whole page: what the machine proposes is approved, and the page is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction

from related.domain.attention.states import close_page
from related.domain.decisions.conflicts import one_click
from related.domain.decisions.reviewing import approve_many
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef, log_change
from related.enums import Action
from related.models import Document


@dataclass(frozen=True, slots=True)
class SeenSummary:
    """A summary to approve: its text, and what the editor saw beside it."""

    text: str
    version: int
    body: str  # hash


def agree(
    document: Document,
    obj: Any,
    seen: Sequence[tuple[LinkRef, int]],
    summary: SeenSummary | None,
    *,
    user: Any,
) -> None:
    """Approve the proposal as the editor saw it and call the page done, all of it or nothing.

    Raises:
        DecisionConflict: one of the links, the summary or the text changed since.
    """
    operation = uuid4()
    with one_click():
        approve_many(seen, user=user, operation=operation)
        if summary is not None:
            approve_summary(
                document,
                obj,
                summary.text,
                user=user,
                version=summary.version,
                body_seen=summary.body,
                operation=operation,
            )
        call_done(document, user=user, operation=operation)


def call_done(document: Document, *, user: Any, operation: Any = None) -> None:
    """Take a page off the queue until something new is to be seen on it."""
    with transaction.atomic():
        before, after = close_page(document)
        log_change(document, Action.DONE, before, after, user=user, operation=operation or uuid4())
