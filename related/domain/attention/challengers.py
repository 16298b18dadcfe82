"""Which suggestions are clearly better than a link that stands in a full slot.

The queue and the desk ask here, so that a page waits for what its editor then sees.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from related.domain.attention.proposal import Approved, Offered, PageFacts, Shown
from related.models import Slot

# How much likelier an editor must approve a challenger than the link that it is set against: the
# difference of their strengths, which are chances from 0 to 1.
CLEARLY = 0.15


@dataclass(frozen=True, slots=True)
class Challenge:
    """A rival that could take the place of an approved link."""

    link: Approved
    rival: Offered


def find_challenges(
    facts: PageFacts, slots: Sequence[Slot], shown: Shown, visible: Collection[int]
) -> list[Challenge]:
    """The best rival of each link, the weakest link first; one rival challenges one link.

    None against what an editor chose by hand a short while ago, or kept against this rival.

    Args:
        slots: all active slots, in page order.
        shown: as ``propose`` fills them.
        visible: the targets that the public may see.
    """
    places = [each for slot in slots for _, each in shown[slot.pk]]
    taken = {each.target_id for each in (*facts.approved, *places)}
    rivals = [each for each in facts.worth if each.target_id in visible]
    found = []
    for slot in slots:
        if len(shown[slot.pk]) < slot.count:
            continue
        own = [each for each in rivals if each.slot_id == slot.pk]
        for link in _challenged(shown[slot.pk]):
            rival = next((each for each in own if _beats(each, link, facts, taken)), None)
            if rival is not None:
                taken.add(rival.target_id)
                found.append(Challenge(link, rival))
    return found


def _challenged(shown: Sequence[tuple[int, Approved | Offered]]) -> list[Approved]:
    links = [each for _, each in shown if isinstance(each, Approved) and not each.by_policy]
    known = [each for each in links if each.chance is not None and not each.is_left_alone]
    return sorted(known, key=lambda each: each.chance or 0.0)


def _beats(rival: Offered, link: Approved, facts: PageFacts, taken: Collection[int]) -> bool:
    if rival.target_id in taken or link.chance is None:
        return False
    is_kept = (link.slot_id, link.target_id, rival.target_id) in facts.kept
    # Rounded, for a difference of exactly so much is clear.
    return not is_kept and round(rival.chance - link.chance, 4) >= CLEARLY
