"""What an editor is needed for on one page. Pure: no database, no clock.

Each thing to look at is one text, an *item*: ``more:slot:target``, ``lost:slot:target``,
``better:slot:target``, ``barred:slot:target``, ``readers:slot:target``, ``summary:hash``. What an
editor closed is remembered item by item, so a page comes back when there is a new one, and never
for what was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from related.domain.attention.challengers import find_challenges
from related.domain.attention.noticing import Noticed
from related.domain.attention.proposal import (
    Approved,
    Offered,
    PageFacts,
    Shown,
    propose,
    proposed_of,
)
from related.enums import ReviewReason
from related.models import Slot

REASONS = {
    "more": ReviewReason.MORE,
    "lost": ReviewReason.LOST,
    "better": ReviewReason.BETTER,
    "barred": ReviewReason.BARRED,
    "summary": ReviewReason.SUMMARY,
    "readers": ReviewReason.READERS,
}
KINDS = {reason: kind for kind, reason in REASONS.items()}


@dataclass(frozen=True, slots=True)
class Needs:
    """What is to be seen on a page now, and what more an editor saw who looked at it."""

    items: list[str] = field(default_factory=list)
    reserves: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)  # keys
    strength: float | None = None
    n_offered: int = 0

    def open_items(self, closed: Collection[str]) -> list[str]:
        return [item for item in self.items if item not in closed]

    @staticmethod
    def reasons_of(items: Collection[str], *, is_reviewed: bool) -> int:
        """The sum of the reasons. What could stand on a page that nobody reviewed yet is new."""
        reasons = {REASONS[item.partition(":")[0]] for item in items}
        if not is_reviewed and ReviewReason.MORE in reasons:
            reasons = {*reasons - {ReviewReason.MORE}, ReviewReason.NEW}
        return sum(reasons)


def find_needs(facts: PageFacts, slots: Sequence[Slot], visible: Collection[int]) -> Needs:
    """What an editor is needed for.

    Args:
        slots: all active slots, in page order.
        visible: the targets that the public may see.
    """
    by_id = {slot.pk: slot for slot in slots}
    shown = propose(facts, slots, visible)
    proposed = proposed_of(facts, slots, shown)
    items = [_item("more", by_id, each) for each in proposed]
    lost = [each for each in facts.approved if each.is_lost and not each.is_barred]
    items += [_item("lost", by_id, each) for each in lost if not each.by_policy]
    if not facts.has_no_links:  # there, an editor said that none shall show
        items += [_item("barred", by_id, each) for each in facts.approved if each.is_barred]
    challenges = find_challenges(facts, slots, shown, visible)
    items += [_item("better", by_id, each.rival) for each in challenges]
    standing = _standing(slots, shown)
    items += [
        _item(KINDS[each.reason], by_id, each)
        for each in facts.noticed
        if (each.slot_id, each.target_id) in standing
    ]
    if facts.stale_summary:
        items.append(f"summary:{facts.stale_summary[:16]}")
    return Needs(
        items=items,
        reserves=[_item("more", by_id, each) for each in facts.worth if by_id[each.slot_id]],
        slots=[slot.key for slot in slots if any(item.split(":")[1] == slot.key for item in items)],
        strength=max((each.chance for each in proposed), default=None),
        n_offered=len(proposed),
    )


def find_proposed(
    facts: PageFacts, slots: Sequence[Slot], visible: Collection[int]
) -> list[Offered]:
    """What would stand on the page if an editor agreed to it; arguments as of ``find_needs``."""
    return proposed_of(facts, slots, propose(facts, slots, visible))


def _standing(slots: Sequence[Slot], shown: Shown) -> set[tuple[int, int]]:
    """The links that readers see, by slot and target; those by date are found on reading."""
    return {
        (slot.pk, each.target_id)
        for slot in slots
        for _, each in shown[slot.pk]
        if isinstance(each, Approved) or not slot.requires_approval
    }


def _item(kind: str, slots: Mapping[int, Slot], each: Approved | Offered | Noticed) -> str:
    return f"{kind}:{slots[each.slot_id].key}:{each.target_id}"
