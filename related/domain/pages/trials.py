"""A slot that is tried in two variants: half of the articles show it as it is (A), half of them
with another heading or another number of links (B)."""

from __future__ import annotations

from copy import copy
from hashlib import blake2b

from related.models import Slot


def shows_b(slot_id: int, document_id: int) -> bool:
    """Whether the page of a document shows the slot's variant B: always the same of the two. Each
    slot halves the articles in its own way, so that two trials do not disturb each other."""
    digest = blake2b(f"{slot_id}:{document_id}".encode(), digest_size=1).digest()
    return digest[0] & 1 == 1


def as_shown(slot: Slot, document_id: int) -> Slot:
    """The slot as this document's page shows it."""
    if not slot.is_tried or not shows_b(slot.pk, document_id):
        return slot
    variant = copy(slot)
    variant.heading = slot.trial_heading or slot.heading
    variant.count = slot.trial_count or slot.count
    return variant
