"""Approved links that no reader sees now: those that wait for their target to come out, and those
whose target was withdrawn or deleted, which leave a hole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet, Sum

from related.domain.documents.standing import read_standings
from related.domain.documents.titles import read_titles
from related.domain.documents.visibility import is_known, is_public
from related.models import Decision, ReviewState
from related.models.reviewing import ReviewStateQuerySet


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
    target comes out, as their pages were last computed."""
    pages = _losing() | _waiting()
    counts = pages.aggregate(lost=Sum("n_lost"), coming=Sum("n_coming"))
    return counts["lost"] or 0, counts["coming"] or 0


def find_lost_links(limit: int) -> list[HiddenLink]:
    """Some of the newest pages; by what the site says now. The queries do not grow with them."""
    return _read(lost_links(), _losing(), limit)


def find_coming_links(limit: int) -> list[HiddenLink]:
    """As ``find_lost_links``."""
    return _read(coming_links(), _waiting(), limit)


def lost_links() -> QuerySet[Decision]:
    """Of pages that had such a link when their state was last computed; to look at the others would
    be to ask the site for every target of the archive."""
    return _hidden_on(_losing()).filter(~is_known("target__"))


def coming_links() -> QuerySet[Decision]:
    """As ``lost_links``."""
    return _hidden_on(_waiting()).filter(is_known("target__"))


def _losing() -> ReviewStateQuerySet:
    return ReviewState.objects.filter(n_lost__gt=0)


def _waiting() -> ReviewStateQuerySet:
    return ReviewState.objects.filter(n_coming__gt=0)


def _hidden_on(pages: ReviewStateQuerySet) -> QuerySet[Decision]:
    decided = Decision.objects.approved().filter(document__in=pages.values("document"))
    return decided.filter(~is_public("target__"), slot__is_active=True, document__is_draft=False)


def _read(
    decisions: QuerySet[Decision], pages: ReviewStateQuerySet, limit: int
) -> list[HiddenLink]:
    keys = list(pages.newest_first().values_list("document", flat=True)[:limit])
    rows = decisions.filter(document__in=keys).select_related("document", "target", "slot")
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
