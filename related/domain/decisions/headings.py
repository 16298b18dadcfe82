"""A custom heading for a slot of one document."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from related.domain.decisions.writing import log_change
from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.enums import Action
from related.models import Document, Slot, SlotHeading


def heading_of(document: Document, slot: Slot) -> str:
    """The custom heading of a slot of this document, "" for none."""
    rows = SlotHeading.objects.filter(document=document, slot=slot)
    return rows.values_list("heading", flat=True).first() or ""


def set_heading(
    document: Document,
    slot: Slot,
    heading: str,
    *,
    user: Any,
    operation: UUID | None = None,
    undoes: UUID | None = None,
) -> None:
    """Give a slot of this document a custom heading; "" returns to the slot's.

    Of two editors the later one wins: the heading is short, and both see what stands.
    """
    heading = heading.strip()
    if heading in {slot.heading, slot.shown_heading}:
        heading = ""
    with transaction.atomic():
        before = heading_of(document, slot)
        if heading == before:
            return
        if heading:
            SlotHeading.objects.update_or_create(
                document=document, slot=slot, defaults={"heading": heading, "changed_by": user}
            )
        else:
            SlotHeading.objects.filter(document=document, slot=slot).delete()
        log_change(
            document,
            Action.HEADING if undoes is None else Action.UNDO,
            {"heading": before},
            {"heading": heading},
            user=user,
            operation=operation or uuid4(),
            slot=slot,
            undoes=undoes,
        )
        rewrite_pages([document.pk])
        announce_changes([document.pk])
