"""What stands on one page, in the slots that go by similarity. Pure, as ``needs`` is.

Slots by date, and fallbacks, are left out: they are found when a page is read, and fill themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from related.domain.attention.proposal import Approved, Offered, PageFacts, show
from related.models import Slot


@dataclass(frozen=True, slots=True)
class PageCoverage:
    filled: list[str]  # keys of slots that show a link
    empty: list[str]  # of those with nothing approved or offered that could be shown
    shown: list[int]  # the documents that the links lead to
    n_lost: int  # approved links whose target was withdrawn or deleted
    n_coming: int  # and those whose target is still to come out


def find_coverage(
    facts: PageFacts, slots: Sequence[Slot], visible: Collection[int]
) -> PageCoverage:
    """What the public finds on a page.

    Args:
        slots: all active slots, in page order.
        visible: the targets that the public may see.
    """
    slots = [slot for slot in slots if slot.goes_by_similarity]
    hidden = [each for each in facts.approved if each.target_id not in visible]
    links = show(facts, slots, visible)
    links_and_offers: list[Approved | Offered] = [*facts.unbarred, *facts.offered]
    something = {each.slot_id for each in links_and_offers if each.target_id in visible}
    return PageCoverage(
        filled=[slot.key for slot in slots if links[slot.pk]],
        empty=[slot.key for slot in slots if slot.pk not in something],
        shown=sorted({each.target_id for some in links.values() for _, each in some}),
        n_lost=sum(each.is_lost for each in hidden),
        n_coming=sum(not each.is_lost for each in hidden),
    )
