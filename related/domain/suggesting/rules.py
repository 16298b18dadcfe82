"""The rules that turn neighbors into the suggestions of a slot. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf

from related.enums import Rule
from related.models import Document, Slot
from related.models.documents import OrderKey
from related.similarity.ranking import closeness_in_time

SECONDS_PER_DAY = 86_400.0

# Which documents tell the same story: both ways, by document id.
Twins = Mapping[int, Collection[int]]


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the rules look at of a document."""

    pk: int
    language: str
    section: str
    published_at: datetime | None
    order_key: OrderKey
    url_path: str
    linked_paths: list[str]

    @classmethod
    def of(cls, document: Document) -> DocumentFacts:
        names = ("language", "section", "published_at", "order_key", "url_path", "linked_paths")
        return cls(document.pk, *(getattr(document, name) for name in names))


@dataclass(frozen=True, slots=True)
class ScoredTarget:
    """A target that a slot could show."""

    target: DocumentFacts
    similarity: float  # cosine, 0 to 1
    score: float  # the similarity after the slot's rules, 0 to 1


def rank_candidates(
    document: DocumentFacts,
    slot: Slot,
    neighbors: Iterable[tuple[DocumentFacts, float]],
    twins: Twins,
) -> list[ScoredTarget]:
    """What a slot suggests for a document, best first; empty rather than weak.

    Args:
        neighbors: pairs of target and similarity.
    """
    candidates = [
        ScoredTarget(target, similarity, score)
        for target, similarity in neighbors
        # A score never exceeds the similarity, so most neighbors need no more than this look.
        if similarity >= slot.minimum_score
        and is_allowed(document, slot, target)
        and (score := score_of(slot, document.published_at, target.published_at, similarity))
        >= slot.minimum_score
    ]
    candidates.sort(key=lambda c: (-c.score, -c.target.pk))
    return one_per_story(candidates, twins) if slot.one_per_story else candidates


def is_allowed(document: DocumentFacts, slot: Slot, target: DocumentFacts) -> bool:
    """Whether a slot's rule admits a target at all, however similar."""
    if target.pk == document.pk or target.language != document.language:
        return False
    if slot.same_section and not (document.section and target.section == document.section):
        return False  # without a section, a document shares it with none
    if slot.skip_linked and target.url_path and target.url_path in document.linked_paths:
        return False
    return _is_on_its_side(document, Rule(slot.rule), target)


def score_of(
    slot: Slot, at: datetime | None, target_at: datetime | None, similarity: float
) -> float:
    """``similarity`` weighed by closeness in time; an unknown date is close to none."""
    if not slot.recency_weight:
        return similarity
    days = inf
    if at is not None and target_at is not None:
        days = abs((at - target_at).total_seconds()) / SECONDS_PER_DAY
    return similarity * closeness_in_time(days, slot.recency_weight, slot.recency_half_life)


def one_per_story(candidates: list[ScoredTarget], twins: Twins) -> list[ScoredTarget]:
    """Keep the newest of each story, ranked by its own score.

    A candidate belongs to the first story whose best member it repeats, so that a chain of
    likenesses does not swallow a whole topic.
    """
    stories: list[list[ScoredTarget]] = []
    heads: dict[int, int] = {}  # best member -> place of its story
    for candidate in candidates:
        repeated = [heads[key] for key in twins.get(candidate.target.pk, ()) if key in heads]
        if repeated:
            stories[min(repeated)].append(candidate)
        else:
            heads[candidate.target.pk] = len(stories)
            stories.append([candidate])
    newest = [max(story, key=lambda c: c.target.order_key) for story in stories]
    return sorted(newest, key=lambda c: (-c.score, -c.target.pk))


def _is_on_its_side(document: DocumentFacts, rule: Rule, target: DocumentFacts) -> bool:
    """Whether a target lies on the side in time that a rule asks for; no unknown date does."""
    if rule not in {Rule.SIMILAR_EARLIER, Rule.SIMILAR_LATER}:
        return True
    if document.published_at is None or target.published_at is None:
        return False
    if rule == Rule.SIMILAR_EARLIER:
        return target.order_key < document.order_key
    return target.order_key > document.order_key
