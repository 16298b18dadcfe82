"""Approved links that no reader sees now: those that wait for their target to come out, and those
whose target was withdrawn or deleted, which leave a hole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from related.domain.documents.standing import read_standings
from related.domain.documents.titles import read_titles
from related.domain.documents.visibility import is_known, is_public
from related.models import Decision


@dataclass(frozen=True, slots=True)
class HiddenLink:
    """An approved link from an article (no draft) to one that is not public."""

    document: str  # app_label.model:id
    title: str
    slot: str
    target: str
    target_title: str
    state: str  # of the target, for people: withdrawn, deleted, or when it appears


def count_hidden_links() -> tuple[int, int]:
    """How many approved links lead to what was withdrawn or deleted, and how many appear when their
    target comes out, by what the site says now; one query."""
    known = is_known("target__")
    counts = _hidden().aggregate(lost=Count("pk", filter=~known), coming=Count("pk", filter=known))
    return counts["lost"], counts["coming"]


def find_lost_links(limit: int) -> list[HiddenLink]:
    """The latest decisions among them; one query, and four per model for titles and states."""
    return _read(_hidden().filter(~is_known("target__")), limit)


def find_coming_links(limit: int) -> list[HiddenLink]:
    """As ``find_lost_links``."""
    return _read(_hidden().filter(is_known("target__")), limit)


def _hidden() -> QuerySet[Decision]:
    on_pages = Decision.objects.approved().filter(slot__is_active=True, document__is_draft=False)
    return on_pages.filter(~is_public("target__"))


def _read(decisions: QuerySet[Decision], limit: int) -> list[HiddenLink]:
    rows = decisions.select_related("document", "target", "slot")
    latest = list(rows.order_by(F("decided_at").desc(nulls_last=True), "-pk")[:limit])
    titles = read_titles([end for row in latest for end in (row.document, row.target)])
    standings = read_standings([row.target for row in latest])
    return [
        HiddenLink(
            document=row.document.label,
            title=titles[row.document_id],
            slot=row.slot.key,
            target=row.target.label,
            target_title=titles[row.target_id],
            state=str(standings[row.target_id]),
        )
        for row in latest
    ]
