"""What an editor is needed for on one page. Pure: no database, no clock.

Each thing to look at is one text, an *item*: ``more:slot:target``, ``lost:slot:target``,
``better:slot:target``, ``readers:slot:target``, ``summary:hash``. What an editor closed is
remembered item by item, so a page comes back when there is a new one, and never for what was seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from related.domain.attention.noticing import Noticed
from related.domain.pages.arranging import APPROVED, AUTOMATIC, PINNED, arrange
from related.enums import ReviewReason, Strength
from related.models import Slot

# How much likelier an editor must approve a challenger than the weakest link of a full slot.
CLEARLY = 0.15

REASONS = {
    "more": ReviewReason.MORE,
    "lost": ReviewReason.LOST,
    "better": ReviewReason.BETTER,
    "summary": ReviewReason.SUMMARY,
    "readers": ReviewReason.READERS,
}
KINDS = {reason: kind for kind, reason in REASONS.items()}


@dataclass(frozen=True, slots=True)
class Offered:
    """A target that a slot suggests."""

    slot_id: int
    target_id: int
    chance: float


@dataclass(frozen=True, slots=True)
class Approved:
    """A target that an editor approved."""

    slot_id: int
    target_id: int
    is_pinned: bool
    chance: float | None
    is_lost: bool  # not public, and not merely to come; or no longer what the slot's rule admits
    by_policy: bool = False  # by the slot's policy: looked after as what the machine shows is


# By slot: what stands there, with the tier of each.
Shown = Mapping[int, Sequence[tuple[int, Approved | Offered]]]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What stands on a page and what is offered for it; decided offers are left out."""

    document_id: int
    approved: Sequence[Approved]  # in page order
    offered: Sequence[Offered]  # best first
    stale_summary: str = ""  # hash of the body that an approved summary is no longer about
    is_reviewed: bool = False
    noticed: Sequence[Noticed] = ()


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
    worth = [each for each in facts.offered if is_worth_offering(each.chance)]
    shown = _arranged(facts, slots, worth, visible)
    elsewhere = {each.target_id for each in facts.approved}
    proposed = _proposed(slots, shown)
    items = [_item("more", by_id, each) for each in proposed]
    items += [
        _item("lost", by_id, each) for each in facts.approved if each.is_lost and not each.by_policy
    ]
    challengers = [
        each
        for slot in slots
        for each in _challengers(slot, shown[slot.pk], worth, visible)
        if each.target_id not in elsewhere
    ]
    items += [_item("better", by_id, each) for each in challengers]
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
        reserves=[_item("more", by_id, each) for each in worth if by_id[each.slot_id]],
        slots=[slot.key for slot in slots if any(item.split(":")[1] == slot.key for item in items)],
        strength=max((each.chance for each in proposed), default=None),
        n_offered=len(proposed),
    )


def find_proposed(
    facts: PageFacts, slots: Sequence[Slot], visible: Collection[int]
) -> list[Offered]:
    """What would stand on the page if an editor agreed to it; arguments as of ``find_needs``."""
    worth = [each for each in facts.offered if is_worth_offering(each.chance)]
    return _proposed(slots, _arranged(facts, slots, worth, visible))


def _arranged(
    facts: PageFacts, slots: Sequence[Slot], worth: Sequence[Offered], visible: Collection[int]
) -> Shown:
    tiers: Mapping[int, Sequence[Approved | Offered]] = {
        PINNED: [each for each in facts.approved if each.is_pinned],
        APPROVED: [each for each in facts.approved if not each.is_pinned],
        AUTOMATIC: worth,
    }
    return arrange(facts.document_id, slots, tiers, visible)


def _proposed(slots: Sequence[Slot], shown: Shown) -> list[Offered]:
    return [
        each
        for slot in slots
        if slot.requires_approval
        for _, each in shown[slot.pk]
        if isinstance(each, Offered)
    ]


def _standing(slots: Sequence[Slot], shown: Shown) -> set[tuple[int, int]]:
    """The links that readers see, by slot and target; those by date are found on reading."""
    return {
        (slot.pk, each.target_id)
        for slot in slots
        for _, each in shown[slot.pk]
        if isinstance(each, Approved) or not slot.requires_approval
    }


def is_worth_offering(chance: float | None) -> bool:
    """Whether a suggestion takes a place in the proposal; weak ones are folded away."""
    return chance is None or Strength.of(chance) != Strength.WEAK


def _challengers(
    slot: Slot,
    shown: Sequence[tuple[int, Approved | Offered]],
    worth: Sequence[Offered],
    visible: Collection[int],
) -> list[Offered]:
    """Offers that are clearly better than the weakest link of a slot that editors filled."""
    links = [
        each
        for tier, each in shown
        if tier == APPROVED and isinstance(each, Approved) and not each.by_policy
    ]
    known = [each.chance for each in links if each.chance is not None]
    if len(shown) < slot.count or not known:
        return []
    own = (each for each in worth if each.slot_id == slot.pk and each.target_id in visible)
    return [each for each in own if each.chance >= min(known) + CLEARLY]


def _item(kind: str, slots: Mapping[int, Slot], each: Approved | Offered | Noticed) -> str:
    return f"{kind}:{slots[each.slot_id].key}:{each.target_id}"
