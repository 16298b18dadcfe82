"""Which targets want to stand on a page, before anybody asks whether the public may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from related.domain.documents.addresses import links_to
from related.domain.suggesting.by_date import targets_by_date
from related.domain.suggesting.versions import StoryOf, annotated_story, story_of
from related.enums import LinkSource, Rule, Verdict
from related.models import Decision, Document, Slot, Suggestion

# Who is served first: whatever an editor said beats the machine, in every slot of the page.
PINNED, APPROVED, AUTOMATIC, FALLBACK = range(4)
MACHINE = {AUTOMATIC, FALLBACK}
SOURCES = {
    PINNED: LinkSource.PINNED,
    APPROVED: LinkSource.APPROVED,
    AUTOMATIC: LinkSource.AUTOMATIC,
    FALLBACK: LinkSource.AUTOMATIC,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that wants to stand in a slot."""

    slot: Slot
    target: Document
    similarity: float | None = None
    score: float | None = None
    reasons: list[str] = field(default_factory=list)
    story: int | None = None  # versions of one text tell the same

    @property
    def place(self) -> tuple[int, int]:
        """What one link of the slot takes: for versions of a text that collapse it is the same."""
        if self.story is None or not self.slot.one_per_story:
            return self.slot.pk, ~self.target.pk
        return self.slot.pk, self.story


Candidates = dict[int, dict[int, list[Candidate]]]  # document id -> tier -> candidates in order


def collect_candidates(
    documents: Sequence[Document], slots: Sequence[Slot], stories: StoryOf, *, preview: bool
) -> Candidates:
    """Everything that wants to stand on these pages, visible or not, best first in each tier.

    Three queries for any number of documents. A version of the article itself stands here only if
    an editor approved it.

    Args:
        stories: those of the documents.
        preview: adds suggestions that wait for approval.
    """
    candidates: Candidates = {document.pk: {tier: [] for tier in SOURCES} for document in documents}
    rejected = _add_decisions(candidates, documents, slots)
    automatic = [slot for slot in slots if preview or not slot.requires_approval]
    _add_suggestions(candidates, documents, automatic, rejected, stories)
    ruled = [(slot, Rule(slot.rule), AUTOMATIC) for slot in automatic]
    ruled += [(slot, Rule(slot.fallback), FALLBACK) for slot in slots]
    for document, slot, tier, target in targets_by_date(documents, ruled, stories):
        if (document.pk, target.pk) not in rejected:
            candidates[document.pk][tier].append(
                Candidate(slot, target, story=annotated_story(target))
            )
    return candidates


def _add_decisions(
    candidates: Candidates, documents: Sequence[Document], slots: Sequence[Slot]
) -> set[tuple[int, int]]:
    """Add what editors approved; returns the rejected pairs (document id, target id)."""
    by_id = {slot.pk: slot for slot in slots}
    rejected: set[tuple[int, int]] = set()
    decisions = Decision.objects.filter(document__in=documents).exclude(verdict=Verdict.OPEN)
    decisions = decisions.in_order().select_related("target").annotate(story=story_of("target"))
    for decision in decisions:
        slot = by_id.get(decision.slot_id)
        if decision.verdict == Verdict.REJECTED:
            rejected.add((decision.document_id, decision.target_id))
        elif slot is not None:
            candidates[decision.document_id][PINNED if decision.is_pinned else APPROVED].append(
                Candidate(
                    slot,
                    decision.target,
                    decision.similarity,
                    decision.known_score,
                    decision.reasons,
                    annotated_story(decision),
                )
            )
    return rejected


def _add_suggestions(
    candidates: Candidates,
    documents: Sequence[Document],
    slots: Sequence[Slot],
    rejected: set[tuple[int, int]],
    stories: StoryOf,
) -> None:
    by_id = {slot.pk: slot for slot in slots if slot.goes_by_similarity}
    suggestions = (
        Suggestion.objects.served()
        .filter(document__in=documents, slot__in=by_id)
        .order_by("document", "slot", "rank")
        .select_related("target")
        .annotate(story=story_of("target"))
    )
    linked = {document.pk: bytes(document.linked_keys) for document in documents}
    for suggestion in suggestions:
        if (suggestion.document_id, suggestion.target_id) in rejected:
            continue
        story = annotated_story(suggestion)
        is_version = story is not None and story == stories.get(suggestion.document_id)
        # Since the suggestion was made, its target may have got the address that the body links to.
        is_linked = links_to(linked[suggestion.document_id], bytes(suggestion.target.address_keys))
        if not is_version and not (is_linked and by_id[suggestion.slot_id].skip_linked):
            candidates[suggestion.document_id][AUTOMATIC].append(
                Candidate(
                    by_id[suggestion.slot_id],
                    suggestion.target,
                    suggestion.similarity,
                    suggestion.score,
                    suggestion.reasons,
                    story,
                )
            )
