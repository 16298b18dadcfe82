"""The slots on the desk: what stands, what is offered, what is better, what is in use elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from related.domain.desk.context import DeskContext, DeskLink
from related.domain.desk.targets import target_of_link
from related.domain.pages.links import Link, Page
from related.enums import LinkSource
from related.models import Decision, Slot

# How many suggestions beyond a slot's own count stand open on the desk; the others fold away.
SPARE_SUGGESTIONS = 2


@dataclass(frozen=True, slots=True)
class DeskSlot:
    slot: Slot
    heading: str
    own_heading: str
    default_heading: str  # what the page shows without an own one, in the page's language
    approved: list[DeskLink]
    automatic: list[DeskLink]  # on the page now though nobody decided, and not among suggestions
    suggestions: list[DeskLink]
    elsewhere: list[DeskLink]  # suggested here too, approved in another slot

    @property
    def key(self) -> str:
        return self.slot.key

    @property
    def best_suggestions(self) -> list[DeskLink]:
        """As many as the slot may need, and some to choose from."""
        return self.suggestions[: self.slot.count + SPARE_SUGGESTIONS]

    @property
    def more_suggestions(self) -> list[DeskLink]:
        return self.suggestions[self.slot.count + SPARE_SUGGESTIONS :]

    @property
    def may_select(self) -> bool:
        """Whether approving several at once makes sense."""
        return self.slot.count > 1 and len(self.suggestions) > 1

    @property
    def is_full(self) -> bool:
        return sum(link.target.is_public for link in self.approved) >= self.slot.count


def fill_slots(context: DeskContext, now: Page, all_approved: Page) -> list[DeskSlot]:
    """The desk's slots in page order.

    Args:
        now: the page as readers see it; of a hidden document, as they would.
        all_approved: the page with what waits for approval, for slots that go by date.
    """
    return [_fill(context, slot, now, all_approved) for slot in context.slots]


def _fill(context: DeskContext, slot: Slot, now: Page, all_approved: Page) -> DeskSlot:
    placed = _placed(context, slot, now)
    on_page = {target_of_link(link).label for link in placed}
    approved = [_approved(context, decision, on_page) for decision in context.approved(slot)]
    offered = [
        *_suggested(context, slot),
        *([] if slot.goes_by_similarity else _by_date(context, slot, all_approved)),
    ]
    weakest = min(
        (link for link in approved if link.similarity is not None and not _is_pinned(link)),
        key=lambda link: link.similarity or 0.0,
        default=None,
    )
    pending = [
        _compared(replace(link, is_on_page=link.target.label in on_page), weakest)
        for link in offered
        if not link.is_blocked
    ]
    known = {link.target.label for link in (*approved, *pending)}
    return DeskSlot(
        slot=slot,
        heading=context.headings.get(slot.pk) or slot.name,
        own_heading=context.headings.get(slot.pk, ""),
        default_heading=slot.heading_in(now.language),
        approved=approved,
        automatic=[
            _undecided(context, slot, link)
            for link in placed
            if link.source == LinkSource.AUTOMATIC and target_of_link(link).label not in known
        ],
        suggestions=pending,
        elsewhere=[link for link in offered if link.is_blocked],
    )


def _approved(context: DeskContext, decision: Decision, on_page: set[str]) -> DeskLink:
    link = context.decided(decision)
    if link.target.label in on_page:
        return replace(link, is_on_page=True)
    if not link.target.is_public:
        return link
    other = context.other_slot(link.slot, link.target)
    remark = (
        _("already shown in “%(slot)s”") % {"slot": other.name}
        if other is not None
        else _("not shown: the slot has room for %(count)d") % {"count": link.slot.count}
    )
    return replace(link, remark=remark)


def _suggested(context: DeskContext, slot: Slot) -> list[DeskLink]:
    approved_here = {context.targets[d.target_id].label for d in context.approved(slot)}
    links = []
    for suggestion in context.suggestions:
        target = context.targets[suggestion.target_id]
        if suggestion.slot_id != slot.pk or target.label in context.rejected | approved_here:
            continue
        other = context.other_slot(slot, target)
        links.append(
            DeskLink(
                slot=slot,
                target=target,
                version=context.version(slot, target),
                similarity=suggestion.similarity,
                score=suggestion.score,
                strength=slot.chance_of(suggestion.score),
                rank=suggestion.rank,
                reasons=suggestion.reasons,
                is_blocked=other is not None,
                remark=_("already in “%(slot)s”") % {"slot": other.name} if other else "",
            )
        )
    return links


def _by_date(context: DeskContext, slot: Slot, all_approved: Page) -> list[DeskLink]:
    """Candidates of a slot that goes by date and waits for approval."""
    if not slot.requires_approval:
        return []
    return [
        _undecided(context, slot, link)
        for link in all_approved.slots[slot.key].items
        if link.source == LinkSource.AUTOMATIC
    ]


def _placed(context: DeskContext, slot: Slot, now: Page) -> list[Link]:
    """What stands in the slot. A hidden document's preview shows what waits for approval too."""
    items = now.slots[slot.key].items
    if context.is_public or not slot.requires_approval:
        return items
    return [link for link in items if link.source != LinkSource.AUTOMATIC]


def _undecided(context: DeskContext, slot: Slot, link: Link) -> DeskLink:
    target = target_of_link(link)
    return DeskLink(
        slot=slot,
        target=target,
        version=context.version(slot, target),
        similarity=link.similarity,
        strength=link.strength,
        reasons=link.reasons,
        is_on_page=True,
    )


def _is_pinned(link: DeskLink) -> bool:
    return link.decision is not None and link.decision.is_pinned


def _compared(link: DeskLink, weakest: DeskLink | None) -> DeskLink:
    """Mark a suggestion that beats the weakest approved link of its slot."""
    if weakest is None or link.similarity is None or weakest.similarity is None:
        return link
    gain = link.similarity - weakest.similarity
    # Less than half a hundredth would be shown as +0.00.
    return replace(link, better_by=gain, better_than=weakest) if gain >= 0.005 else link
