"""From neighbors to suggestions, by the rules of the slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from related.domain.corpus.live import LiveCorpus
from related.domain.suggesting.neighborhood import read_neighborhood
from related.domain.suggesting.rules import ScoredTarget, rank_allowed, rank_candidates
from related.models import Slot

# A slot keeps spare suggestions: some targets are hidden, rejected or placed in another slot.
SPARE_FACTOR = 3
MIN_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion that is not stored yet, and has no reasons yet."""

    document: int
    slot: int
    target: int
    similarity: float
    score: float
    rank: int


def suggest(live: LiveCorpus, document_ids: Iterable[int]) -> dict[int, list[Suggested]]:
    """The suggestions of documents by the present rules, slot by slot, best first."""
    return suggest_by(live, document_ids, list(Slot.objects.active().by_similarity()))


def suggest_by(
    live: LiveCorpus, document_ids: Iterable[int], slots: Sequence[Slot]
) -> dict[int, list[Suggested]]:
    """``suggest`` by the rules of these slots, as they are in the database or might be."""
    suggestions: dict[int, list[Suggested]] = defaultdict(list)
    # Of a text with many versions the newest is shown, whether or not the list has room for it.
    neighborhood = read_neighborhood(live, document_ids, slots, has_all_versions=True)
    for document, slot, neighbors in neighborhood.scored(lambda slot: slot.minimum_score):
        ranked = rank_candidates(document, slot, neighbors)
        n_kept = max(slot.count * SPARE_FACTOR, MIN_SUGGESTIONS)
        suggestions[document.pk] += [
            Suggested(
                document.pk,
                slot.pk,
                candidate.target.pk,
                round(min(candidate.similarity, 1.0), 6),
                round(min(candidate.score, 1.0), 6),
                rank,
            )
            for rank, candidate in enumerate(ranked[:n_kept])
        ]
    return suggestions


def rank_neighbors(
    live: LiveCorpus, document_ids: Iterable[int], slots: Sequence[Slot]
) -> Iterator[tuple[int, Slot, list[ScoredTarget]]]:
    """(document, slot, all neighbors that its rule admits, best first), weak ones and all versions
    of a text."""
    neighborhood = read_neighborhood(
        live, document_ids, slots, has_all_versions=True, has_own_versions=True
    )
    for document, slot, neighbors in neighborhood.scored():
        yield document.pk, slot, rank_allowed(document, slot, neighbors)
