"""Approved links of an article that do not show when it comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from related.domain.documents.standing import DELETED, Standing, read_standings
from related.domain.documents.titles import read_titles
from related.models import Decision, Document


@dataclass(frozen=True, slots=True)
class UnseenLink:
    """An approved link whose target readers do not see; ``standing`` says why, and until when."""

    document: Document
    slot: str  # its name
    target: Document
    title: str  # of the target
    standing: Standing


def find_unseen_links(pages: Mapping[Document, datetime | None]) -> list[UnseenLink]:
    """In page order, those that do not show when their page comes out; a constant number of
    queries.

    Args:
        pages: with the date of each. What is out by then is not named.
    """
    links = (
        Decision.objects.approved()
        .filter(document__in=list(pages), slot__is_active=True)
        .select_related("document", "slot", "target")
        .order_by("document", "slot__position", F("position").asc(nulls_last=True), "pk")
    )
    rows = list(links)
    standings = read_standings([link.target for link in rows])
    now = timezone.now()
    out = {document.pk: max(now, at or now) for document, at in pages.items()}
    unseen = []
    for link in rows:
        # What bears the key of a deleted article is not what was approved.
        standing = DELETED if link.is_about_another else standings[link.target_id]
        is_out = standing.due is not None and standing.due <= out[link.document_id]
        if not (standing.is_public or is_out):
            unseen.append((link, standing))
    titles = read_titles([link.target for link, _ in unseen])
    return [
        UnseenLink(
            link.document,
            link.slot.name,
            link.target,
            titles[link.target_id],
            standing,
        )
        for link, standing in unseen
    ]
