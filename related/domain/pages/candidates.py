"""Which targets want to stand on a page, before anybody asks whether the public may see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from related.domain.documents.marks import PageMarks
from related.domain.pages.arranging import APPROVED, AUTOMATIC, FALLBACK, PINNED
from related.domain.pages.contents import Entry, PageContents
from related.domain.pages.layouts import DateRule
from related.domain.suggesting.by_date import targets_by_date
from related.domain.suggesting.versions import StoryOf, annotated_story
from related.enums import LinkSource, Rule
from related.models import Document, Slot

MACHINE = {AUTOMATIC, FALLBACK}
SOURCES = {
    PINNED: LinkSource.PINNED,
    APPROVED: LinkSource.APPROVED,
    AUTOMATIC: LinkSource.AUTOMATIC,
    FALLBACK: LinkSource.AUTOMATIC,
}

# Asked of the site at once for each slot, beyond what it shows. Where so many are hidden or stand
# elsewhere on the page, the others are asked for in another query.
FEW_MORE = 2

Dated = Iterable[tuple[DateRule, Sequence[Entry]]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What wants to stand on one page: by tier and slot, best first."""

    document: int
    tiers: tuple[dict[int, list[Entry]], ...]
    # (tier, slot) of those in which of versions the later one comes later, but is the one to show.
    oldest_first: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(
        cls,
        document: int,
        contents: PageContents,
        slots: Iterable[Slot],
        dated: Dated,
        *,
        story: int | None,
        marks: PageMarks,
    ) -> Candidates:
        """Everything, visible or not. A version of the document itself only if an editor said so;
        what its marks or those of its targets bar, never.

        Args:
            slots: those whose suggestions may show.
            story: of the document.
            marks: of the document and of everything that wants to stand on it.
        """

        def is_allowed(entry: Entry) -> bool:
            is_version = entry.story is not None and entry.story == story
            is_out = entry.target in rejected or (entry.slot, entry.target) in kept_out
            return not is_version and not is_out and marks.admits(entry.target)

        tiers: tuple[dict[int, list[Entry]], ...]
        tiers = (_by_slot(contents.pinned, marks), _by_slot(contents.approved, marks), {}, {})
        if not marks.fills_itself:
            return cls(document, tiers)
        rejected = {*contents.rejected, document}
        kept_out = set(contents.kept_out)
        automatic = {slot.pk for slot in slots}
        for entry in contents.suggested:
            if entry.slot in automatic and is_allowed(entry):
                tiers[AUTOMATIC].setdefault(entry.slot, []).append(entry)
        oldest_first = set()
        for rule, found in dated:
            tier = FALLBACK if rule.is_fallback else AUTOMATIC
            tiers[tier][rule.slot.pk] = [entry for entry in found if is_allowed(entry)]
            if rule.rule == Rule.LATER and rule.slot.one_per_story:
                oldest_first.add((tier, rule.slot.pk))
        return cls(document, tiers, frozenset(oldest_first))

    def first(self, slots: Iterable[Slot]) -> Iterator[Entry]:
        """What is likely to be shown: as many as each slot has room for, and a few more."""
        decided = {
            entry.target
            for tier in (PINNED, APPROVED)
            for entries in self.tiers[tier].values()
            for entry in entries
        }
        for slot in slots:
            room = slot.count + FEW_MORE
            for tier in SOURCES:
                entries = self.tiers[tier].get(slot.pk, [])
                if tier in MACHINE:
                    entries = [entry for entry in entries if entry.target not in decided]
                some = entries[: max(room, 0)]
                yield from some
                room -= len(some)

    def all(self) -> Iterator[Entry]:
        for tier in self.tiers:
            for entries in tier.values():
                yield from entries


def _by_slot(entries: Iterable[Entry], marks: PageMarks) -> dict[int, list[Entry]]:
    by_slot: dict[int, list[Entry]] = {}
    for entry in entries:
        if marks.admits(entry.target):
            by_slot.setdefault(entry.slot, []).append(entry)
    return by_slot


def find_dated(
    documents: Sequence[Document],
    rules: Sequence[DateRule],
    stories: StoryOf,
    marks: Mapping[int, int],
) -> dict[int, list[tuple[DateRule, list[Entry]]]]:
    """What rules by date put forward, public at this moment, however much else is hidden.

    Args:
        marks: those of the documents.
    """
    found: dict[int, list[tuple[DateRule, list[Entry]]]] = {
        document.pk: [(rule, []) for rule in rules] for document in documents
    }
    ruled = [(rule.slot, rule.rule, place) for place, rule in enumerate(rules)]
    for document, slot, place, target in targets_by_date(documents, ruled, stories, marks):
        key = target.content_type_id, target.object_id
        entry = Entry(slot.pk, target.pk, *key, story=annotated_story(target))
        found[document.pk][place][1].append(entry)
    return found
