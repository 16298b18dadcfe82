"""Each slot of a page gets its links, from what the public was found to see."""

from __future__ import annotations

from collections.abc import Callable

from related.domain.documents.cards import Cards
from related.domain.pages.arranging import FALLBACK
from related.domain.pages.candidates import MACHINE, SOURCES, Candidates
from related.domain.pages.contents import Entry
from related.domain.pages.layouts import Layout
from related.domain.pages.reading import Key
from related.enums import LinkSource
from related.models import Slot

Chosen = dict[int, list[tuple[Entry, LinkSource]]]  # by slot
KeyOf = Callable[[Entry], Key | None]  # None: the site took the model out


def fill(
    candidates: Candidates, layout: Layout, cards: Cards, key_of: KeyOf
) -> tuple[Chosen, bool]:
    """Give each slot its links: tier by tier, within a tier slot by slot, no target twice.
    Where versions of a text collapse, the machine adds none to a slot that shows one.

    The second is whether a candidate was passed over that nobody has asked for yet.
    """
    chosen: Chosen = {slot.pk: [] for slot in layout.slots}
    taken = {candidates.document}
    told: set[tuple[int, int]] = set()
    lacks = False
    for tier, source in SOURCES.items():
        for slot in layout.slots:
            items = chosen[slot.pk]
            if tier == FALLBACK and items:
                continue
            entries, is_unsure = _in_order(candidates, tier, slot, cards, key_of)
            lacks |= is_unsure
            for entry in entries:
                if len(items) >= slot.count:
                    break
                place = layout.place_of(slot, entry)
                is_told = tier in MACHINE and place in told
                target = None if is_told or entry.target in taken else key_of(entry)
                if target is not None and target in cards:
                    taken.add(entry.target)
                    told.add(place)
                    items.append((entry, source))
                elif target is not None:
                    lacks |= not cards.was_asked(target)
    return chosen, lacks


def _in_order(
    candidates: Candidates, tier: int, slot: Slot, cards: Cards, key_of: KeyOf
) -> tuple[list[Entry], bool]:
    """What wants to stand in a slot. Where the later of two versions comes later, it is of each
    text the newest alone that the public may see.

    The second is whether one of several versions was not asked for yet.
    """
    entries = candidates.tiers[tier].get(slot.pk, [])
    if (tier, slot.pk) not in candidates.oldest_first:
        return entries, False
    newest: dict[int, int] = {}
    is_unsure = False
    for entry in entries:
        key = key_of(entry)
        if entry.story is None or key is None:
            continue
        if key in cards:
            newest[entry.story] = entry.target
        is_unsure |= entry.story in newest and not cards.was_asked(key)
    return [
        entry
        for entry in entries
        if entry.story is None or newest.get(entry.story, entry.target) == entry.target
    ], is_unsure
