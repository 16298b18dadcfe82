"""All that wants to stand on a page, as editors and workers left it: what a row of pages holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from related.domain.documents.addresses import links_to
from related.domain.suggesting.versions import annotated_story, story_of
from related.enums import Verdict
from related.models import Decision, Document, Slot, SlotHeading, Suggestion, Summary


class Entry(NamedTuple):
    """A target that wants to stand in a slot; plain values, as they are stored."""

    slot: int
    target: int  # id of its document
    content_type: int
    object_id: str
    similarity: float | None = None
    score: float | None = None
    reasons: list[str] = []
    story: int | None = None  # versions of one text tell the same


@dataclass(slots=True)
class PageContents:
    """Everything in its order. ``held`` are the slots whose suggestions are in ``suggested``."""

    pinned: list[Entry] = field(default_factory=list)
    approved: list[Entry] = field(default_factory=list)
    rejected: list[int] = field(default_factory=list)  # targets, for every slot
    kept_out: list[tuple[int, int]] = field(default_factory=list)  # slot, target
    suggested: list[Entry] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    headings: dict[int, str] = field(default_factory=dict)  # by slot
    summary: tuple[str, str] | None = None  # text, hash of the body that it was approved for

    @property
    def entries(self) -> list[Entry]:
        return [*self.pinned, *self.approved, *self.suggested]

    def as_json(self) -> str:
        written = [
            *([tuple(entry) for entry in entries] for entries in (self.pinned, self.approved)),
            self.rejected,
            [tuple(entry) for entry in self.suggested],
            self.held,
            list(self.headings.items()),
            self.summary,
            self.kept_out,
        ]
        return orjson.dumps(written).decode()

    @classmethod
    def from_json(cls, text: str) -> PageContents:
        pinned, approved, rejected, suggested, held, headings, summary, *more = orjson.loads(text)
        return cls(
            pinned=_entries(pinned),
            approved=_entries(approved),
            rejected=rejected,
            kept_out=[(slot, target) for some in more for slot, target in some],
            suggested=_entries(suggested),
            held=held,
            headings=dict(headings),
            summary=summary,
        )


def read_contents(
    documents: Collection[Document], suggesting: Iterable[Slot]
) -> dict[int, PageContents]:
    """The contents of these pages from the tables themselves; four queries at most.

    Args:
        suggesting: slots whose suggestions are wanted; the rules by date are answered elsewhere.
    """
    pages = {document.pk: PageContents() for document in documents}
    decisions = Decision.objects.filter(document__in=pages).exclude(verdict=Verdict.OPEN)
    decisions = decisions.in_order().select_related("target").annotate(story=story_of("target"))
    for row in decisions:
        page = pages[row.document_id]
        if row.verdict == Verdict.REJECTED:
            page.rejected.append(row.target_id)
        elif row.verdict == Verdict.NOT_HERE:
            page.kept_out.append((row.slot_id, row.target_id))
        elif not row.is_about_another:
            link = _entry(row, row.known_score)
            (page.pinned if row.is_pinned else page.approved).append(link)
    for heading in SlotHeading.objects.filter(document__in=pages).order_by("slot"):
        pages[heading.document_id].headings[heading.slot_id] = heading.heading
    for summary in Summary.objects.filter(document__in=pages).exclude(text=""):
        pages[summary.document_id].summary = (summary.text, summary.text_hash)
    _add_suggestions(pages, documents, {s.pk: s for s in suggesting if s.goes_by_similarity})
    return pages


def _add_suggestions(
    pages: dict[int, PageContents], documents: Iterable[Document], slots: dict[int, Slot]
) -> None:
    if not slots:
        return
    for page in pages.values():
        page.held = sorted(slots)
    linked = {document.pk: bytes(document.linked_keys) for document in documents}
    suggestions = (
        Suggestion.objects.served()
        .filter(document__in=pages, slot__in=slots)
        .order_by("document", "slot", "rank")
        .select_related("target")
        .annotate(story=story_of("target"))
    )
    for row in suggestions:
        # Since the suggestion was made, its target may have got the address that the body links to.
        if slots[row.slot_id].skip_linked and links_to(
            linked[row.document_id], bytes(row.target.address_keys)
        ):
            continue
        pages[row.document_id].suggested.append(_entry(row, row.score))


def _entry(row: Decision | Suggestion, score: float | None) -> Entry:
    target = row.target
    key = target.content_type_id, target.object_id
    story = annotated_story(row)
    return Entry(row.slot_id, target.pk, *key, row.similarity, score, row.reasons, story)


def _entries(written: list[list[object]]) -> list[Entry]:
    return [Entry(*values) for values in written]  # type: ignore[arg-type]
