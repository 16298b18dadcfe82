"""The summary box: a draft by the machine, approved or rewritten by an editor."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from related.domain.decisions.writing import DecisionConflict
from related.domain.documents.reading import body_hash, read_content
from related.domain.transactions import announce_changes
from related.models import Document, Summary
from related.registry import Source
from related.similarity.text.summaries import summarize


def draft_summary(document: Document, obj: Any) -> str:
    """The most telling sentences of the text, in their order; "" for an empty text."""
    content = read_content(document.source, obj)
    return summarize(content.title, content.text, content.facts.language)


def approve_summary(
    document: Document,
    obj: Any,
    text: str,
    *,
    user: Any,
    version: int,
    body_seen: str | None = None,
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
        raise DecisionConflict(
            "Not saved: the text of the article changed after you opened this page. Read it again; "
            "what you wrote is kept below, to be mended or approved."
        )
    with transaction.atomic():
        summary, _ = Summary.objects.get_or_create(document=document)
        won = Summary.objects.filter(pk=summary.pk, version=version).update(
            text=text,
            text_hash=body,
            approved_by=user,
            approved_at=timezone.now(),
            version=version + 1,
        )
        if not won:
            raise DecisionConflict(
                "Not saved: somebody else changed this summary first. The page shows theirs."
            )
        announce_changes([document.pk])
    summary.refresh_from_db()
    return summary


def is_current(summary: Summary, source: Source, obj: Any) -> bool:
    """Whether a summary stands, and the body is still the one that it was approved for."""
    return bool(summary.text) and summary.text_hash == body_hash(source, obj)
