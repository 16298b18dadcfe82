"""What an editor is offered for one page: everything that wants to stand on it, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from related.domain.documents.marks import PageMarks, page_marks, read_marks
from related.domain.pages.arranging import APPROVED, AUTOMATIC, FALLBACK, PINNED
from related.domain.pages.contents import Entry, read_contents
from related.domain.suggesting.by_date import targets_by_date
from related.domain.suggesting.versions import annotated_story, read_stories
from related.enums import Rule
from related.models import Document, Slot


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that wants to stand in a slot."""

    slot: Slot
    target: Document
    similarity: float | None = None
    score: float | None = None
    reasons: list[str] = field(default_factory=list)
    story: int | None = None

    @property
    def slot_id(self) -> int:
        return self.slot.pk

    @property
    def target_id(self) -> int:
        return self.target.pk


Tiers = dict[int, list[Candidate]]


def collect_offers(document: Document, slots: Sequence[Slot]) -> tuple[Tiers, PageMarks]:
    """By tier, with what waits for approval, visible or not. The machine offers no version of the
    document's own text, and nothing that the marks of the page or of a target bar.

    Returns:
        The tiers, and the marks of the page and of what is stored for it: an approved target may
        be barred since.
    """
    by_id = {slot.pk: slot for slot in slots}
    contents = read_contents([document], slots)[document.pk]
    stories = read_stories([document])
    own = stories.get(document.pk)
    marks = page_marks(
        document.pk, read_marks([document.pk, *(entry.target for entry in contents.entries)])
    )
    rejected = {*contents.rejected, document.pk}
    kept_out = {tuple(pair) for pair in contents.kept_out}

    def is_offered(slot: int, target: int, story: int | None) -> bool:
        is_version = story is not None and story == own
        is_out = target in rejected or (slot, target) in kept_out
        return not is_version and not is_out and marks.admits(target)

    offered = [e for e in contents.suggested if is_offered(e.slot, e.target, e.story)]
    stored = [*contents.pinned, *contents.approved, *offered]
    targets = Document.objects.in_bulk({entry.target for entry in stored})

    def candidates(entries: Sequence[Entry]) -> list[Candidate]:
        return [
            Candidate(by_id[e.slot], targets[e.target], e.similarity, e.score, e.reasons, e.story)
            for e in entries
            if e.slot in by_id
        ]

    tiers: Tiers = {
        PINNED: candidates(contents.pinned),
        APPROVED: candidates(contents.approved),
        AUTOMATIC: newest_of_each_story(candidates(offered)),
        FALLBACK: [],
    }
    ruled = [(slot, Rule(slot.rule), AUTOMATIC) for slot in slots]
    if marks.fills_itself:
        ruled += [(slot, Rule(slot.fallback), FALLBACK) for slot in slots]
    if marks.has_no_links:
        ruled = []
    own_marks = {document.pk: marks.own}
    for _, slot, tier, target in targets_by_date([document], ruled, stories, own_marks):
        story = annotated_story(target)
        if is_offered(slot.pk, target.pk, story):
            tiers[tier].append(Candidate(slot, target, story=story))
    return tiers, marks


def newest_of_each_story(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of the versions of one text that a slot suggests the newest, where they collapse there: an
    editor may have said so since they were found."""
    newest: dict[tuple[int, int], Candidate] = {}
    for each in candidates:
        if each.story is not None and each.slot.one_per_story:
            known = newest.setdefault((each.slot_id, each.story), each)
            if each.target.order_key > known.target.order_key:
                newest[each.slot_id, each.story] = each
    return [
        each
        for each in candidates
        if each.story is None or newest.get((each.slot_id, each.story), each) is each
    ]
