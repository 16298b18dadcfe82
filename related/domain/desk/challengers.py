"""A rival beside the approved link that it could take the place of, with both strengths."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from django.utils import timezone

from related.domain.attention.challengers import find_challenges
from related.domain.attention.proposal import Approved, Offered, PageFacts, propose
from related.domain.desk.context import DeskContext, DeskLink
from related.domain.desk.slots import DeskSlot
from related.domain.pages.offers import Candidate


def add_challenges(
    context: DeskContext, slots: Sequence[DeskSlot], offered: Sequence[Candidate]
) -> list[DeskSlot]:
    """The desk's slots, with each challenged link and its rival naming the other.

    Args:
        offered: what the machine suggests for the page, decided or not.
    """
    visible = {pk for pk, target in context.targets.items() if target.is_public}
    suggested = {
        (each.slot_id, each.target_id): each for each in offered if not _is_decided(context, each)
    }
    facts = _facts(context, suggested.values())
    shown = propose(facts, context.slots, visible)
    rivals: dict[tuple[int, int], DeskLink] = {}  # by slot and target of the approved link
    for each in find_challenges(facts, context.slots, shown, visible):
        old = context.decided(context.by_place[each.link.slot_id, each.link.target_id])
        rival = context.offered(suggested[each.rival.slot_id, each.rival.target_id])
        # Of the strengths as they are shown.
        gain = round(each.rival.chance, 2) - round(each.link.chance or 0.0, 2)
        key = each.link.slot_id, each.link.target_id
        rivals[key] = replace(rival, better_by=gain, better_than=old)
    return [_marked(slot, rivals) for slot in slots]


def _facts(context: DeskContext, suggested: Iterable[Candidate]) -> PageFacts:
    """What the queue knows of the page as well."""
    now, stories = timezone.now(), context.stories
    approved = [
        Approved.of(decision, slot, now, stories.get(decision.target_id), is_lost=False)
        for slot in context.slots
        for decision in context.approved(slot)
    ]
    offered = [
        Offered(each.slot_id, each.target_id, chance, each.story)
        for each in suggested
        if (chance := each.slot.chance_of(each.score)) is not None
    ]
    return PageFacts(context.document.pk, approved, offered, kept=context.kept)


def _is_decided(context: DeskContext, candidate: Candidate) -> bool:
    return any(d.target_id == candidate.target_id for d in context.approved(candidate.slot))


def _marked(slot: DeskSlot, rivals: dict[tuple[int, int], DeskLink]) -> DeskSlot:
    by_target = {rival.target.document_id: rival for rival in rivals.values()}

    def beside(link: DeskLink) -> DeskLink:
        return replace(link, rival=rivals.get((slot.slot.pk, link.target.document_id)))

    def above(links: Collection[DeskLink]) -> list[DeskLink]:
        return [
            replace(link, better_by=rival.better_by, better_than=rival.better_than)
            if (rival := by_target.get(link.target.document_id)) is not None
            else link
            for link in links
        ]

    return replace(
        slot,
        approved=[beside(link) for link in slot.approved],
        proposed=above(slot.proposed),
        automatic=above(slot.automatic),
        reserves=above(slot.reserves),
        weak=above(slot.weak),
    )
