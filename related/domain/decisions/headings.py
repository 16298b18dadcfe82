"""A custom heading for a slot of one document."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.models import Document, Slot, SlotHeading


def set_heading(document: Document, slot: Slot, heading: str, *, user: Any) -> None:
    """Give a slot of this document a custom heading; "" returns to the slot's.

    Of two editors the later one wins: the heading is short, and both see what stands.
    """
    heading = heading.strip()
    with transaction.atomic():
        if heading and heading not in {slot.heading, slot.shown_heading}:
            SlotHeading.objects.update_or_create(
                document=document, slot=slot, defaults={"heading": heading, "changed_by": user}
            )
        else:
            SlotHeading.objects.filter(document=document, slot=slot).delete()
        rewrite_pages([document.pk])
        announce_changes([document.pk])
