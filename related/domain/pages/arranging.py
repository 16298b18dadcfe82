"""Who stands where on a page: tier by tier, within a tier slot by slot, no target twice.

Where versions of a text collapse, the machine adds none to a slot that shows one.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Protocol, TypeVar

from related.models import Slot

# Who is served first: whatever an editor said beats the machine, in every slot of the page.
PINNED, APPROVED, AUTOMATIC, FALLBACK = range(4)


class Wanting(Protocol):
    """A target that wants to stand in a slot."""

    @property
    def slot_id(self) -> int: ...
    @property
    def target_id(self) -> int: ...
    @property
    def story(self) -> int | None: ...


W = TypeVar("W", bound=Wanting)


def arrange(
    document_id: int,
    slots: Sequence[Slot],
    tiers: Mapping[int, Sequence[W]],
    visible: Container[int],
) -> dict[int, list[tuple[int, W]]]:
    """What each slot shows, by its id, with the tier of each.

    Args:
        tiers: by tier, what wants to stand on the page, best first.
        visible: the targets that the public may see.
    """
    filled: dict[int, list[tuple[int, W]]] = {slot.pk: [] for slot in slots}
    taken = {document_id}
    told: set[tuple[int, int]] = set()  # slot, story
    for tier in sorted(tiers):
        for slot in slots:
            items = filled[slot.pk]
            if tier == FALLBACK and items:
                continue
            for candidate in tiers[tier]:
                if len(items) >= slot.count:
                    break
                target, story = candidate.target_id, candidate.story
                is_told = tier in {AUTOMATIC, FALLBACK} and (slot.pk, story) in told
                is_free = target in visible and target not in taken
                if candidate.slot_id == slot.pk and is_free and not is_told:
                    taken.add(target)
                    if slot.one_per_story and story is not None:
                        told.add((slot.pk, story))
                    items.append((tier, candidate))
    return filled
