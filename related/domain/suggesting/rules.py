"""The rules that turn neighbors into the suggestions of a slot. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from related.domain.documents.addresses import links_to
from related.domain.documents.marks import is_barred
from related.enums import Rule
from related.models import Document, Slot
from related.models.documents import OrderKey

# Of what comes up to this share of the best score, the slots of one direction show the nearest in
# time: the weeks of a series are about equally near, and the one before is meant.
ABOUT_AS_GOOD = 0.8


class DocumentFacts(NamedTuple):
    """What the rules look at of a document."""

    pk: int
    language: str
    section: str
    published_at: datetime | None
    order_key: OrderKey
    address_keys: bytes
    linked_keys: bytes
    story: int | None = None  # versions of one text tell the same; None: not known
    marks: int = 0  # sum of ``enums.Mark``

    @classmethod
    def of(cls, document: Document, story: int | None = None, marks: int = 0) -> DocumentFacts:
        return cls(
            document.pk,
            document.language,
            document.section,
            document.published_at,
            document.order_key,
            bytes(document.address_keys),
            bytes(document.linked_keys),
            story,
            marks,
        )

    def tells_story_of(self, other: DocumentFacts) -> bool:
        """Whether one is a version of the other, or the other itself."""
        return self.pk == other.pk or (self.story is not None and self.story == other.story)


class ScoredTarget(NamedTuple):
    """A target that a slot could show."""

    target: DocumentFacts
    similarity: float  # cosine, 0 to 1
    score: float  # by which the slot's targets are put in order, about 0 to 1


def rank_candidates(
    document: DocumentFacts, slot: Slot, neighbors: Iterable[ScoredTarget]
) -> list[ScoredTarget]:
    """What a slot suggests for a document, best first; empty rather than weak.

    Versions of the document itself are nothing else to read.

    Args:
        neighbors: with the slot's scores, in any order.
    """
    strong = [
        neighbor
        for neighbor in neighbors
        if neighbor.score >= slot.minimum_score and not neighbor.target.tells_story_of(document)
    ]
    candidates = rank_allowed(document, slot, strong)
    if slot.one_per_story:
        candidates = one_per_story(candidates)
    if slot.rule in {Rule.SIMILAR_EARLIER, Rule.SIMILAR_LATER}:
        candidates = nearest_in_time_first(Rule(slot.rule), candidates)
    return candidates


def rank_allowed(
    document: DocumentFacts, slot: Slot, neighbors: Iterable[ScoredTarget]
) -> list[ScoredTarget]:
    """Those that the slot's rule admits, best first."""
    allowed = [neighbor for neighbor in neighbors if is_allowed(document, slot, neighbor.target)]
    allowed.sort(key=lambda c: (-c.score, -c.target.pk))
    return allowed


def is_allowed(document: DocumentFacts, slot: Slot, target: DocumentFacts) -> bool:
    """Whether a slot's rule admits a target at all, however similar."""
    if target.pk == document.pk or target.language != document.language:
        return False
    if is_barred(document.marks, target.marks):
        return False
    if slot.same_section and not (document.section and target.section == document.section):
        return False  # without a section, a document shares it with none
    if slot.skip_linked and links_to(document.linked_keys, target.address_keys):
        return False
    return _is_on_its_side(document, Rule(slot.rule), target)


def one_per_story(candidates: list[ScoredTarget]) -> list[ScoredTarget]:
    """Keep the newest version of each text, ranked by its own score."""
    newest: dict[int, ScoredTarget] = {}
    for candidate in candidates:
        target = candidate.target
        story = ~target.pk if target.story is None else target.story
        known = newest.setdefault(story, candidate)
        if target.order_key > known.target.order_key:
            newest[story] = candidate
    return sorted(newest.values(), key=lambda c: (-c.score, -c.target.pk))


def nearest_in_time_first(rule: Rule, candidates: list[ScoredTarget]) -> list[ScoredTarget]:
    """Those about as good as the best, the nearest in time first, and then the others.

    Args:
        candidates: all on one side of the document in time, best first.
    """
    least = ABOUT_AS_GOOD * max((candidate.score for candidate in candidates), default=0.0)
    n_good = sum(candidate.score >= least for candidate in candidates)
    nearest = sorted(
        candidates[:n_good],
        key=lambda c: c.target.order_key,
        reverse=rule == Rule.SIMILAR_EARLIER,
    )
    return nearest + candidates[n_good:]


def _is_on_its_side(document: DocumentFacts, rule: Rule, target: DocumentFacts) -> bool:
    """Whether a target lies on the side in time that a rule asks for; no unknown date does."""
    if rule not in {Rule.SIMILAR_EARLIER, Rule.SIMILAR_LATER}:
        return True
    if document.published_at is None or target.published_at is None:
        return False
    if rule == Rule.SIMILAR_EARLIER:
        return target.order_key < document.order_key
    return target.order_key > document.order_key
