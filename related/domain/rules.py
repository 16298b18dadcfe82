"""The rules that turn neighbors into the suggestions of a slot. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from related.enums import Rule
from related.models import Document, Slot
from related.similarity.ranking import closeness_in_time

SECONDS_PER_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A target that a slot could show."""

    target: Document
    similarity: float  # cosine, 0 to 1
    score: float  # the similarity after the slot's rules, 0 to 1


def rank_candidates(
    document: Document,
    slot: Slot,
    neighbors: Iterable[tuple[Document, float]],
    is_same_story: Callable[[int, int], bool],
) -> list[Candidate]:
    """What a slot suggests for a document, best first; empty rather than weak.

    Args:
        neighbors: pairs of target and similarity.
        is_same_story: whether two targets (document ids) tell the same story.
    """
    candidates = [
        Candidate(target, similarity, score)
        for target, similarity in neighbors
        if is_allowed(document, slot, target)
        and (score := score_of(slot, document.published_at, target.published_at, similarity))
        >= slot.minimum_score
    ]
    candidates.sort(key=lambda c: (-c.score, -c.target.pk))
    return one_per_story(candidates, is_same_story) if slot.one_per_story else candidates


def is_allowed(document: Document, slot: Slot, target: Document) -> bool:
    """Whether a slot's rule admits a target at all, however similar."""
    if target.pk == document.pk or target.language != document.language:
        return False
    if slot.same_section and not (document.section and target.section == document.section):
        return False  # without a section, a document shares it with none
    if slot.skip_linked and target.url_path and target.url_path in document.linked_paths:
        return False
    if slot.rule == Rule.SIMILAR_EARLIER:
        return target.order_key < document.order_key
    if slot.rule == Rule.SIMILAR_LATER:
        return target.order_key > document.order_key
    return True


def score_of(
    slot: Slot, at: datetime | None, target_at: datetime | None, similarity: float
) -> float:
    """``similarity`` weighed by closeness in time; unchanged where a date is missing."""
    if not slot.recency_weight or at is None or target_at is None:
        return similarity
    days = abs((at - target_at).total_seconds()) / SECONDS_PER_DAY
    return similarity * closeness_in_time(days, slot.recency_weight, slot.recency_half_life)


def one_per_story(
    candidates: list[Candidate], is_same_story: Callable[[int, int], bool]
) -> list[Candidate]:
    """Keep the newest of each story, ranked by its own score.

    A candidate belongs to the first story whose best member it repeats, so that a chain of
    likenesses does not swallow a whole topic.
    """
    stories: list[list[Candidate]] = []
    for candidate in candidates:
        for story in stories:
            if is_same_story(story[0].target.pk, candidate.target.pk):
                story.append(candidate)
                break
        else:
            stories.append([candidate])
    newest = [max(story, key=lambda c: c.target.order_key) for story in stories]
    return sorted(newest, key=lambda c: (-c.score, -c.target.pk))
