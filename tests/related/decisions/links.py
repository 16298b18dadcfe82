"""Links as suggestions, and approved links in the order of the page."""

from __future__ import annotations

from typing import Any

from related.domain.decisions.writing import LinkRef
from related.models import Decision, Document
from tests.related.desk_documents import (
    make_slot,
    make_target,
    suggest,
)


def place_of(document: Document, title: str, *, slot: str = "related", **fields: Any) -> LinkRef:
    target = make_target(title)
    suggest(document, target, make_slot(slot), **fields)
    return LinkRef(document, make_slot(slot), target)


def titles_in_order(document: Document) -> list[str]:
    decisions = Decision.objects.approved().filter(document=document).in_order()
    return [d.target.source.queryset().get(pk=d.target.object_id).title for d in decisions]
