"""The proposal of a page: what stands in each slot, what would stand there, what is in reserve.

A target is one card: in its place, or in reserve behind the slot that it is strongest in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from related.domain.attention.proposal import is_worth_offering
from related.domain.desk.context import DeskContext, DeskLink
from related.domain.pages.arranging import APPROVED, AUTOMATIC, FALLBACK, PINNED, arrange
from related.domain.pages.offers import Candidate
from related.models import Decision, Slot

Tiers = dict[int, list[Candidate]]


@dataclass(frozen=True, slots=True)
class DeskSlot:
    slot: Slot
    heading: str
    own_heading: str
    default_heading: str  # what the page shows without an own one, in the page's language
    approved: list[DeskLink]
    proposed: list[DeskLink]  # shown if the editor agrees
    automatic: list[DeskLink]  # shown though nobody decided
    reserves: list[DeskLink] = field(default_factory=list)
    weak: list[DeskLink] = field(default_factory=list)
    spare: DeskLink | None = None  # the next reserve, also where its card is behind another slot

    @property
    def key(self) -> str:
        return self.slot.key

    @property
    def suggestions(self) -> list[DeskLink]:
        """All that is offered here, in its place or in reserve."""
        return [*self.proposed, *self.reserves, *self.weak]

    @property
    def cards(self) -> list[DeskLink]:
        """What the page shows if the editor agrees, and what it cannot show."""
        return [*self.approved, *self.proposed, *self.automatic]

    @property
    def n_shown(self) -> int:
        """How many links readers see."""
        return sum(link.is_on_page for link in (*self.approved, *self.automatic))

    @property
    def is_full(self) -> bool:
        """Whether another link that an editor adds would have no place."""
        return sum(link.is_on_page for link in self.approved) >= self.slot.count


def fill_slots(context: DeskContext, tiers: Tiers, language: str) -> list[DeskSlot]:
    """The desk's slots in page order.

    Args:
        tiers: what wants to stand on the page, with what waits for approval.
        language: of the page's headings.
    """
    visible = {
        pk
        for pk, target in context.targets.items()
        if target.is_public and context.marks.admits(pk)
    }
    offered = [each for each in tiers[AUTOMATIC] if not _is_decided(context, each)]
    proposed = {
        PINNED: tiers[PINNED],
        APPROVED: tiers[APPROVED],
        AUTOMATIC: [each for each in offered if _is_proposed(context, each)],
        FALLBACK: tiers[FALLBACK],
    }
    shown = arrange(context.document.pk, context.slots, proposed, visible)
    filled = [_fill(context, slot, shown[slot.pk], language) for slot in context.slots]
    filled = [_with_others(context, slot, offered) for slot in filled]
    placed = {each.target_id for places in shown.values() for _, each in places}
    waiting = [
        each
        for each in offered
        if each.target_id not in placed
        and each.target_id not in context.approved_in
        # Whatever comes next by date takes a free place by itself.
        and (context.waits(each.slot) or each.slot.goes_by_similarity)
    ]
    return _add_reserves(context, filled, waiting)


def _with_others(context: DeskContext, slot: DeskSlot, offered: list[Candidate]) -> DeskSlot:
    """The slot with where else each of its undecided cards could go: one that shows by its date
    may be suggested as well."""

    def add(link: DeskLink) -> DeskLink:
        elsewhere = [
            context.offered(each)
            for each in offered
            if each.target_id == link.target.document_id and each.slot_id != slot.slot.pk
        ]
        return replace(link, others=[(each.slot, each.version) for each in elsewhere])

    return replace(slot, proposed=[*map(add, slot.proposed)], automatic=[*map(add, slot.automatic)])


def enough(slots: Sequence[Slot], tiers: Tiers) -> Tiers:
    """The same without candidates by date that cannot get a place, so that nobody reads them: all
    slots together take so many targets, and one more of each is never needed.
    """
    most = sum(slot.count for slot in slots)
    n_kept: dict[tuple[int, int], int] = defaultdict(int)
    kept: Tiers = {tier: [] for tier in tiers}
    for tier, candidates in tiers.items():
        for candidate in candidates:
            is_by_date = tier in {AUTOMATIC, FALLBACK} and candidate.score is None
            n_kept[tier, candidate.slot_id] += is_by_date
            if not is_by_date or n_kept[tier, candidate.slot_id] <= most:
                kept[tier].append(candidate)
    return kept


def _is_proposed(context: DeskContext, candidate: Candidate) -> bool:
    """Weak ones are, too, where a slot shows them without asking anybody."""
    slot = candidate.slot
    return not context.waits(slot) or is_worth_offering(slot.chance_of(candidate.score))


def _is_decided(context: DeskContext, candidate: Candidate) -> bool:
    return any(d.target_id == candidate.target_id for d in context.approved(candidate.slot))


def _fill(
    context: DeskContext, slot: Slot, places: list[tuple[int, Candidate]], language: str
) -> DeskSlot:
    on_page = {each.target_id for _, each in places}
    machine = [(tier, each) for tier, each in places if tier in {AUTOMATIC, FALLBACK}]
    waits = context.waits(slot)
    proposed = [context.offered(each) for tier, each in machine if waits and tier == AUTOMATIC]
    automatic = [
        replace(
            context.offered(each),
            is_on_page=True,
            remark=context.remark_on(slot, each.target_id),
        )
        for tier, each in machine
        if not waits or tier == FALLBACK
    ]
    return DeskSlot(
        slot=slot,
        heading=context.headings.get(slot.pk) or slot.name,
        own_heading=context.headings.get(slot.pk, ""),
        default_heading=slot.heading_in(language),
        approved=[_approved(context, decision, on_page) for decision in context.approved(slot)],
        proposed=proposed,
        automatic=automatic,
    )


def _approved(context: DeskContext, decision: Decision, on_page: set[int]) -> DeskLink:
    link = context.decided(decision)
    if decision.target_id in on_page:
        remark = link.remark or context.remark_on(link.slot, decision.target_id)
        return replace(link, is_on_page=True, remark=remark)
    if link.is_lost or not link.target.is_public:
        return link
    other = context.other_slot(link.slot, decision.target_id)
    remark = (
        _("already shown in “%(slot)s”") % {"slot": other.name}
        if other is not None
        else _("not shown: the slot has room for %(count)d") % {"count": link.slot.count}
    )
    return replace(link, remark=remark)


def _add_reserves(
    context: DeskContext, filled: list[DeskSlot], waiting: list[Candidate]
) -> list[DeskSlot]:
    """Each target that has no place, once: behind the slot that it is strongest in."""
    by_target: dict[int, list[DeskLink]] = defaultdict(list)
    spare: dict[int, DeskLink] = {}
    for candidate in waiting:
        link = context.offered(candidate)
        by_target[candidate.target_id].append(link)
        if link.target.is_public:
            spare.setdefault(candidate.slot_id, link)
    behind: dict[int, list[DeskLink]] = defaultdict(list)
    for links in by_target.values():
        best = max(links, key=lambda link: link.strength or 0.0)
        others = [(each.slot, each.version) for each in links if each is not best]
        behind[best.slot.pk].append(replace(best, others=others))
    return [
        replace(
            slot,
            reserves=[each for each in behind[slot.slot.pk] if is_worth_offering(each.strength)],
            weak=[each for each in behind[slot.slot.pk] if not is_worth_offering(each.strength)],
            spare=spare.get(slot.slot.pk),
        )
        for slot in filled
    ]
