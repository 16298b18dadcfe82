"""What stands on a page and what is offered for it, and who gets which place. Pure: no database,
no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from related.domain.attention.noticing import Noticed
from related.domain.pages.arranging import APPROVED, AUTOMATIC, PINNED, arrange
from related.enums import Strength
from related.models import Decision, Slot

# So long nothing is set against what an editor chose by hand.
LEFT_ALONE = timedelta(days=30)

Rivals = tuple[int, int, int]  # slot, target of the approved link, target of its rival


@dataclass(frozen=True, slots=True)
class Offered:
    """A target that a slot suggests."""

    slot_id: int
    target_id: int
    chance: float
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Approved:
    """A target that an editor approved."""

    slot_id: int
    target_id: int
    is_pinned: bool
    chance: float | None
    is_lost: bool  # not public, and not merely to come; or no longer what the slot's rule admits
    is_left_alone: bool = False
    story: int | None = None
    by_policy: bool = False  # by the slot's policy: looked after as what the machine shows is
    is_barred: bool = False  # by its own marks or by those of the page

    @classmethod
    def of(
        cls,
        decision: Decision,
        slot: Slot,
        now: datetime,
        story: int | None,
        *,
        is_lost: bool,
        is_barred: bool = False,
    ) -> Approved:
        """What a decision says. Chosen by hand is what she pinned, and what she added though the
        slot did not suggest it."""
        is_by_hand = decision.is_pinned or decision.score is None
        return cls(
            decision.slot_id,
            decision.target_id,
            decision.is_pinned,
            slot.chance_of(decision.known_score),
            is_lost,
            is_left_alone=is_by_hand and decision.decided_at > now - LEFT_ALONE,
            story=story,
            by_policy=decision.by_policy,
            is_barred=is_barred,
        )


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What stands on a page and what is offered for it; decided offers are left out."""

    document_id: int
    approved: Sequence[Approved]  # in page order
    offered: Sequence[Offered]  # best first; what is barred is left out
    stale_summary: str = ""  # hash of the body that an approved summary is no longer about
    is_reviewed: bool = False
    is_sensitive: bool = False  # fills nothing by itself: all its slots wait for approval
    has_no_links: bool = False
    kept: Collection[Rivals] = field(default_factory=set)  # of which an editor kept the link
    noticed: Sequence[Noticed] = ()

    @property
    def unbarred(self) -> list[Approved]:
        return [each for each in self.approved if not each.is_barred]

    @property
    def worth(self) -> list[Offered]:
        return [each for each in self.offered if is_worth_offering(each.chance)]


Shown = Mapping[int, Sequence[tuple[int, Approved | Offered]]]  # by slot, with the tier of each


def propose(facts: PageFacts, slots: Sequence[Slot], visible: Collection[int]) -> Shown:
    """What each slot shows if the editor agrees."""
    return _arrange(facts, slots, facts.worth, visible)


def show(facts: PageFacts, slots: Sequence[Slot], visible: Collection[int]) -> Shown:
    """What each slot shows as it is: what is offered takes a place where nobody has to approve."""
    waits = facts.is_sensitive
    automatic = {slot.pk for slot in slots if not (slot.requires_approval or waits)}
    offered = [each for each in facts.offered if each.slot_id in automatic]
    return _arrange(facts, slots, offered, visible)


def _arrange(
    facts: PageFacts, slots: Sequence[Slot], offered: Sequence[Offered], visible: Collection[int]
) -> Shown:
    tiers: Mapping[int, Sequence[Approved | Offered]] = {
        PINNED: [each for each in facts.unbarred if each.is_pinned],
        APPROVED: [each for each in facts.unbarred if not each.is_pinned],
        AUTOMATIC: offered,
    }
    return arrange(facts.document_id, slots, tiers, visible)


def proposed_of(facts: PageFacts, slots: Sequence[Slot], shown: Shown) -> list[Offered]:
    """What of it waits for the editor."""
    return [
        each
        for slot in slots
        if slot.requires_approval or facts.is_sensitive
        for _, each in shown[slot.pk]
        if isinstance(each, Offered)
    ]


def is_worth_offering(chance: float | None) -> bool:
    """Whether a suggestion takes a place in the proposal; weak ones are folded away."""
    return chance is None or Strength.of(chance) != Strength.WEAK
