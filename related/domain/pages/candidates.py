"""Which targets want to stand on a page, before anybody asks whether the public may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from related.domain.pages.arranging import APPROVED, AUTOMATIC, FALLBACK, PINNED
from related.domain.suggesting.by_date import targets_by_date
from related.enums import LinkSource, Rule, Verdict
from related.models import Decision, Document, Slot, Suggestion

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

    @property
    def slot_id(self) -> int:
        return self.slot.pk

    @property
    def target_id(self) -> int:
        return self.target.pk


@dataclass(frozen=True, slots=True)
class Rejected:
    """What editors do not want."""

    pairs: set[tuple[int, int]] = field(default_factory=set)  # document, target: in no slot
    in_slots: set[tuple[int, int, int]] = field(default_factory=set)  # document, slot, target

    def keeps_out(self, document_id: int, slot_id: int, target_id: int) -> bool:
        is_rejected = (document_id, target_id) in self.pairs
        return is_rejected or (document_id, slot_id, target_id) in self.in_slots


Candidates = dict[int, dict[int, list[Candidate]]]  # document id -> tier -> candidates in order


def collect_candidates(
    documents: Sequence[Document], slots: Sequence[Slot], *, preview: bool
) -> Candidates:
    """Everything that wants to stand on these pages, visible or not, best first in each tier.

    Three queries for any number of documents. ``preview`` adds suggestions that wait for approval.
    """
    candidates: Candidates = {document.pk: {tier: [] for tier in SOURCES} for document in documents}
    rejected = _add_decisions(candidates, documents, slots)
    automatic = [slot for slot in slots if preview or not slot.requires_approval]
    _add_suggestions(candidates, documents, automatic, rejected)
    ruled = [(slot, Rule(slot.rule), AUTOMATIC) for slot in automatic]
    ruled += [(slot, Rule(slot.fallback), FALLBACK) for slot in slots]
    for document, slot, tier, target in targets_by_date(documents, ruled):
        if not rejected.keeps_out(document.pk, slot.pk, target.pk):
            candidates[document.pk][tier].append(Candidate(slot, target))
    return candidates


def _add_decisions(
    candidates: Candidates, documents: Sequence[Document], slots: Sequence[Slot]
) -> Rejected:
    """Add what editors approved; returns what they rejected."""
    by_id = {slot.pk: slot for slot in slots}
    rejected = Rejected()
    decisions = Decision.objects.filter(document__in=documents).exclude(verdict=Verdict.OPEN)
    for decision in decisions.in_order().select_related("target"):
        slot = by_id.get(decision.slot_id)
        if decision.verdict == Verdict.REJECTED:
            rejected.pairs.add((decision.document_id, decision.target_id))
        elif decision.verdict == Verdict.NOT_HERE:
            rejected.in_slots.add((decision.document_id, decision.slot_id, decision.target_id))
        elif slot is not None and not decision.is_about_another:
            candidates[decision.document_id][PINNED if decision.is_pinned else APPROVED].append(
                Candidate(
                    slot,
                    decision.target,
                    decision.similarity,
                    decision.known_score,
                    decision.reasons,
                )
            )
    return rejected


def _add_suggestions(
    candidates: Candidates,
    documents: Sequence[Document],
    slots: Sequence[Slot],
    rejected: Rejected,
) -> None:
    by_id = {slot.pk: slot for slot in slots if slot.goes_by_similarity}
    suggestions = (
        Suggestion.objects.served()
        .filter(document__in=documents, slot__in=by_id)
        .order_by("document", "slot", "rank")
        .select_related("target")
    )
    for suggestion in suggestions:
        place = (suggestion.document_id, suggestion.slot_id, suggestion.target_id)
        if not rejected.keeps_out(*place):
            candidates[suggestion.document_id][AUTOMATIC].append(
                Candidate(
                    by_id[suggestion.slot_id],
                    suggestion.target,
                    suggestion.similarity,
                    suggestion.score,
                    suggestion.reasons,
                )
            )
