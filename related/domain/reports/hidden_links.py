"""Approved links that no reader sees now, because their target is not public."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet

from related.domain.documents.titles import read_titles
from related.domain.documents.visibility import is_public
from related.models import Decision


@dataclass(frozen=True, slots=True)
class HiddenLink:
    """An approved link from an article (no draft) to one that was withdrawn, deleted or is not out
    yet."""

    document: str  # app_label.model:id
    title: str
    slot: str
    target: str
    target_title: str


def count_hidden_links() -> int:
    """How many approved links the public cannot see, by what the site says now."""
    return _hidden_links().count()


def find_hidden_links(limit: int) -> list[HiddenLink]:
    """The latest decisions among them; one query, and one per model for the titles."""
    decisions = _hidden_links().select_related("document", "target", "slot")
    rows = list(decisions.order_by(F("decided_at").desc(nulls_last=True), "-pk")[:limit])
    titles = read_titles([end for row in rows for end in (row.document, row.target)])
    return [
        HiddenLink(
            document=row.document.label,
            title=titles[row.document_id],
            slot=row.slot.key,
            target=row.target.label,
            target_title=titles[row.target_id],
        )
        for row in rows
    ]


def _hidden_links() -> QuerySet[Decision]:
    decided = Decision.objects.approved().filter(document__is_draft=False)
    return decided.filter(~is_public("target__"))
