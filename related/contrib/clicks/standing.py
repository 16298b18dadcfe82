"""Which links stand on pages now: only these are counted, whatever a beacon says."""

from __future__ import annotations

from collections.abc import Iterable

from related.domain.bulk_rows import chunked
from related.domain.documents.lookup import source_and_key
from related.domain.pages.placing import PageReading
from related.domain.pages.reading import Key
from related.enums import Strength
from related.registry import is_valid_key

PAGES_AT_ONCE = 100

# Document, key of the slot and target, as beacons name them.
Pair = tuple[str, str, str]


def key_of(reference: str) -> Key | None:
    """None for what can be no object of a registered model."""
    try:
        source, object_id = source_and_key(reference)
    except LookupError:
        return None
    return (source, object_id) if is_valid_key(source.model, object_id) else None


def standing_links(documents: Iterable[str]) -> dict[Pair, str]:
    """The links that the public sees on the pages of these documents, with their strength ("" in
    a slot by date); a few queries for a hundred pages."""
    keys = {reference: key for reference in set(documents) if (key := key_of(reference))}
    found: dict[Pair, str] = {}
    for some in chunked([*keys.items()], PAGES_AT_ONCE):
        reading = PageReading([*dict.fromkeys(key for _, key in some)])
        reading.look()
        for reference, key in some:
            if key not in reading.cards:
                continue
            for slot in reading.page(key).slots.values():
                for link in slot.items:
                    strength = "" if link.strength is None else Strength.of(link.strength).value
                    found[reference, slot.key, f"{link.type}:{link.id}"] = strength
    return found
