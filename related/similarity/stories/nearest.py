"""A document's neighbor list from scratch: searched until it is full of different stories."""

from __future__ import annotations

from related.similarity.index.highest import NeighborList
from related.similarity.index.search import N_CANDIDATES, N_NEIGHBORS, Index
from related.similarity.stories.pruning import pruned
from related.similarity.stories.stories import Stories

# How many times as many candidates are looked at where versions have taken the places of all else.
WIDER = 4


def nearest_stories(
    index: Index,
    stories: Stories,
    key: int,
    n_neighbors: int = N_NEIGHBORS,
    n_candidates: int = N_CANDIDATES,
) -> tuple[NeighborList, bool]:
    """The neighbors of an indexed document, at most three of a story; KeyError if it is not there.

    The second is whether that is everything that resembles it, apart from versions left out.
    """
    while True:
        found = index.nearest_of(key, n_candidates, n_candidates)
        kept = pruned(found, stories.of(found[0]), n_neighbors)
        has_seen_all = len(found[0]) < n_candidates
        if has_seen_all or len(kept[0]) == n_neighbors:
            return kept, has_seen_all and len(kept[0]) < n_neighbors
        n_candidates *= WIDER
