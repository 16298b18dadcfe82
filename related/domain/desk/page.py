"""Everything that an editor needs to decide about one document's page, in one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from related.addresses import web_address
from related.domain.attention.kept_links import read_kept
from related.domain.attention.noticing import find_noticed
from related.domain.decisions.undoing import last_step
from related.domain.desk.challengers import add_challenges
from related.domain.desk.context import DeskContext, DeskLink, DeskVersion
from related.domain.desk.sensitivity import DeskSensitivity, read_sensitivity
from related.domain.desk.slots import DeskSlot, enough, fill_slots
from related.domain.desk.steps import Undoable, undoable_rules, undoable_step
from related.domain.desk.summary import DeskSummary, read_summary
from related.domain.desk.targets import Target, draft_target, load_targets
from related.domain.desk.versions import add_versions, newest_version, own_versions
from related.domain.documents.marks import PageMarks, read_marks
from related.domain.documents.searching import search_documents
from related.domain.documents.titles import read_titles
from related.domain.pages.arranging import AUTOMATIC
from related.domain.pages.offers import collect_offers
from related.domain.suggesting.versions import read_members, read_stories
from related.enums import Verdict
from related.languages import page_language
from related.models import Decision, Document, Slot, SlotHeading

__all__ = ["Desk", "DeskLink", "DeskSlot", "Undoable", "build_desk", "find_links", "title_of"]


@dataclass(frozen=True)
class Desk:
    document: Document
    obj: Any
    user: Any  # who looks
    target: Target  # the document itself, as its targets are shown
    public_url: str
    preview_url: str
    slots: list[DeskSlot]
    rejected: list[DeskLink]
    undoable: Undoable | None
    is_draft: bool
    versions: list[DeskVersion]  # of the document itself, the newest first
    context: DeskContext = field(repr=False)
    sensitivity: DeskSensitivity

    @cached_property
    def summary(self) -> DeskSummary:
        """Read where it is asked for: a draft takes longer than all the rest."""
        return read_summary(self.document, self.obj)

    @property
    def newer_version(self) -> Target | None:
        """The newest version of the article's own text that readers are sent to."""
        return newest_version(self.document, self.target, self.versions)

    @property
    def is_waiting(self) -> bool:
        """Changed, and the workers have not answered yet."""
        return self.document.is_waiting and not self.document.is_set_aside

    @property
    def n_suggestions(self) -> int:
        return sum(len(slot.suggestions) for slot in self.slots)

    @property
    def proposed(self) -> list[DeskLink]:
        """What agreeing approves."""
        return [link for slot in self.slots for link in slot.proposed]

    @property
    def slot_with_room(self) -> DeskSlot | None:
        """The first one where a link that is added would show."""
        return next((slot for slot in self.slots if not slot.is_full), None)

    @property
    def n_shown(self) -> int:
        return sum(slot.n_shown for slot in self.slots)


def build_desk(document: Document, obj: Any, user: Any) -> Desk:
    """The desk of one document, in a constant number of queries at any number of links.

    Args:
        obj: the live object behind it.
        user: whose latest click can be undone.
    """
    slots = list(Slot.objects.active().with_strength())
    decisions = list(
        Decision.objects.filter(document=document)
        .exclude(verdict=Verdict.OPEN, version=0)
        .in_order()
        .select_related("slot__strength_curve", "target", "decided_by")
    )
    offers, marks = collect_offers(document, slots)
    tiers = enough(slots, offers)
    step = last_step(user, document)
    wanted = {document, *(d.target for d in decisions)}
    wanted |= {each.target for tier in tiers.values() for each in tier}
    if step is not None:
        wanted |= {step.document, *(e.target for e in step.entries if e.target)}
    stories = read_stories(wanted)
    members = read_members(document, stories)
    wanted |= {member for some in members.values() for member in some}
    targets = load_targets(wanted, user)
    itself = targets[document.pk]
    is_draft = itself.is_gone  # neither shown nor offered, and yet there
    if is_draft:
        itself = targets[document.pk] = draft_target(document, obj)
    context = DeskContext(
        document=document,
        slots=slots,
        decisions=decisions,
        targets=targets,
        headings=dict(SlotHeading.objects.filter(document=document).values_list("slot", "heading")),
        marks=marks,
        stories=stories,
        kept=read_kept([document.pk], slots)[document.pk],
        noticed=find_noticed([document.pk])[document.pk],
    )
    language = page_language(document.source.language(obj) or "")
    return Desk(
        document=document,
        obj=obj,
        user=user,
        target=itself,
        public_url=web_address(document.source.url(obj)) if itself.is_public else "",
        preview_url=web_address(document.source.preview_url(obj)),
        slots=add_versions(
            context,
            add_challenges(context, fill_slots(context, tiers, language), tiers[AUTOMATIC]),
            members,
        ),
        rejected=[
            context.decided(d)
            for d in decisions
            if d.verdict in {Verdict.REJECTED, Verdict.NOT_HERE}
        ],
        undoable=undoable_rules(step, document, user) or undoable_step(step, document, targets),
        is_draft=is_draft,
        versions=own_versions(context, members),
        context=context,
        sensitivity=read_sensitivity(document),
    )


def find_links(desk: Desk, slot: DeskSlot, text: str) -> list[DeskLink]:
    """What an editor may add to a slot by hand, found by words; with what was decided already.

    Nothing that she may not read: that it is found says what is in it.
    """
    found = search_documents(text, exclude=desk.document)
    targets = load_targets(found, desk.user)
    versions = _versions_among(desk.document, found)
    own = desk.context.marks.own
    marks = PageMarks(own, read_marks(document.pk for document in found))
    context = replace(desk.context, marks=marks)
    return [
        context.found(slot.slot, targets[document.pk], is_version=document.pk in versions)
        for document in found
        if targets[document.pk].is_readable
    ]


def title_of(document: Document) -> str:
    """The live title of a document, for messages."""
    return read_titles([document])[document.pk]


def _versions_among(document: Document, others: Sequence[Document]) -> set[int]:
    """Which of some documents are versions of a document's text, by id."""
    stories = read_stories([document, *others])
    own = stories.get(document.pk)
    return {pk for pk, story in stories.items() if story == own and pk != document.pk}
