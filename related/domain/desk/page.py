"""Everything that an editor needs to decide about one document's links, in one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.addresses import web_address
from related.domain.decisions.undoing import last_operation
from related.domain.desk.context import DeskContext, DeskLink
from related.domain.desk.slots import DeskSlot, fill_slots
from related.domain.desk.targets import Target, load_targets
from related.domain.documents.lookup import search_documents
from related.domain.documents.reading import body_hash
from related.domain.pages.links import Page, Version
from related.domain.pages.placing import place_links
from related.domain.pages.summaries import draft_summary, is_current
from related.domain.suggesting.versions import read_stories
from related.enums import Verdict
from related.models import Decision, DecisionLog, Document, Slot, SlotHeading, Suggestion, Summary

__all__ = ["Desk", "DeskLink", "DeskSlot", "DeskSummary", "Undoable", "build_desk", "find_links"]


@dataclass(frozen=True, slots=True)
class DeskSummary:
    """The summary box: what is approved, and the machine's draft."""

    draft: str
    body_hash: str  # of the body that the draft was made of, and that the editor reads
    text: str = ""  # as approved; "" without one
    is_current: bool = False  # False also when the body changed since, so that the box is hidden
    version: int = 0
    approved_by: Any = None
    approved_at: datetime | None = None

    @property
    def proposal(self) -> str:
        """What the text field starts with."""
        return self.text or self.draft


@dataclass(frozen=True, slots=True)
class Undoable:
    """The editor's latest click, which can still be taken back."""

    operation: str
    description: str


@dataclass(frozen=True, slots=True)
class Desk:
    document: Document
    target: Target  # the document itself, as its targets are shown
    public_url: str
    preview_url: str
    newer_version: Version | None
    slots: list[DeskSlot]
    rejected: list[DeskLink]
    summary: DeskSummary
    undoable: Undoable | None
    context: DeskContext = field(repr=False)

    @property
    def is_waiting(self) -> bool:
        """Changed, and the workers have not answered yet."""
        return self.document.is_waiting and not self.document.is_set_aside

    @property
    def n_suggestions(self) -> int:
        return sum(len(slot.suggestions) for slot in self.slots)


def build_desk(document: Document, obj: Any, user: Any) -> Desk:
    """The desk of one document, in a constant number of queries at any number of links.

    Args:
        obj: the live object behind it.
        user: whose latest click can be undone.
    """
    slots = list(Slot.objects.active().with_strength())
    decisions = list(
        Decision.objects.filter(document=document)
        .in_order()
        .select_related("slot__strength_curve", "target", "decided_by")
    )
    suggestions = list(
        Suggestion.objects.served()
        .filter(document=document, slot__in=slots)
        .order_by("slot", "rank")
        .select_related("target")
    )
    rows = [document, *(d.target for d in decisions), *(s.target for s in suggestions)]
    targets = load_targets(rows)
    itself = targets[document.pk]
    versions = _versions_among(document, rows)
    headings = SlotHeading.objects.filter(document=document)
    context = DeskContext(
        slots=slots,
        decisions=decisions,
        suggestions=suggestions,
        targets=targets,
        is_public=itself.is_public,
        headings={heading.slot_id: heading.heading for heading in headings},
        versions={targets[pk].label for pk in versions},
    )
    now, all_approved = _pages(obj, slots, is_public=itself.is_public)
    url = web_address(document.source.url(obj))
    return Desk(
        document=document,
        target=itself,
        public_url=url if itself.is_public else "",
        preview_url=web_address(document.source.preview_url(obj)),
        newer_version=now.newer_version,
        slots=fill_slots(context, now, all_approved),
        rejected=[context.decided(d) for d in decisions if d.verdict == Verdict.REJECTED],
        summary=_summary(document, obj),
        undoable=_undoable(last_operation(document, user), targets),
        context=context,
    )


def find_links(desk: Desk, slot: DeskSlot, text: str) -> list[DeskLink]:
    """What an editor may add to a slot by hand, found by words; with what was decided already."""
    found = search_documents(text, exclude=desk.document)
    targets = load_targets(found)
    versions = _versions_among(desk.document, found)
    return [
        desk.context.found(
            slot.slot, document, targets[document.pk], is_version=document.pk in versions
        )
        for document in found
    ]


def title_of(document: Document) -> str:
    """The live title of a document, for messages."""
    return load_targets([document])[document.pk].title


def _versions_among(document: Document, others: Sequence[Document]) -> set[int]:
    """Which of some documents are versions of a document's text, by id."""
    stories = read_stories([document, *others])
    own = stories.get(document.pk)
    return {pk for pk, story in stories.items() if story == own and pk != document.pk}


def _pages(obj: Any, slots: Sequence[Slot], *, is_public: bool) -> tuple[Page, Page]:
    """What readers see now, and what they would see if all that waits were approved.

    One and the same where nothing differs but suggestions, which the desk knows already.
    """
    now = place_links([obj], preview=not is_public)[0]
    waits = any(slot.goes_by_date and slot.requires_approval for slot in slots)
    return now, place_links([obj], preview=True)[0] if waits and is_public else now


def _summary(document: Document, obj: Any) -> DeskSummary:
    draft, body = draft_summary(document, obj), body_hash(document.source, obj)
    row = Summary.objects.filter(document=document).select_related("approved_by").first()
    if row is None:
        return DeskSummary(draft, body)
    return DeskSummary(
        draft=draft,
        body_hash=body,
        text=row.text,
        is_current=is_current(row.text, row.text_hash, document.source, obj),
        version=row.version,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )


def _undoable(entries: Sequence[DecisionLog], targets: dict[int, Target]) -> Undoable | None:
    if not entries:
        return None
    first = entries[-1]  # the log lists the newest first
    names = {
        "action": first.get_action_display(),
        "title": targets[first.target_id].title,
        "slot": first.slot.name,
    }
    n_more = len(entries) - 1
    if not n_more:
        description = _("%(action)s “%(title)s” in “%(slot)s”") % names
    else:
        description = ngettext(
            "%(action)s “%(title)s” and %(n)d more in “%(slot)s”",
            "%(action)s “%(title)s” and %(n)d more in “%(slot)s”",
            n_more,
        ) % {**names, "n": n_more}
    return Undoable(operation=str(first.operation), description=description)
