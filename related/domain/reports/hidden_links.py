"""Approved links that no reader sees now, because their target is not public."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from related.domain.documents.titles import read_titles
from related.domain.documents.visibility import is_public
from related.models import Decision, ReviewState


@dataclass(frozen=True, slots=True)
class HiddenLink:
    """An approved link from an article to one that was withdrawn, deleted or is not out yet."""

    document: str  # app_label.model:id
    title: str
    slot: str
    target: str
    target_title: str


def count_hidden_links() -> int:
    """How many approved links the public could not see when their pages were last looked at."""
    pages = ReviewState.objects.filter(n_hidden__gt=0)
    return pages.aggregate(n=Sum("n_hidden"))["n"] or 0


def find_hidden_links(limit: int) -> list[HiddenLink]:
    """Some of the newest pages; by what the site says now. The queries do not grow with them."""
    pages = ReviewState.objects.filter(n_hidden__gt=0).newest_first()
    keys = list(pages.values_list("document", flat=True)[:limit])
    found = hidden_links().filter(document__in=keys).select_related("document", "target", "slot")
    rows = list(found.order_by(F("decided_at").desc(nulls_last=True), "-pk")[:limit])
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


def hidden_links() -> QuerySet[Decision]:
    """Of pages that had such a link when their state was last computed; to look at the others would
    be to ask the site for every target of the archive."""
    pages = Decision.objects.approved().filter(document__review_state__n_hidden__gt=0)
    return pages.filter(~is_public("target__"))
