"""A document's neighbor list from scratch: searched until it is full of different stories."""

from __future__ import annotations

from collections.abc import Callable

from related.similarity.index.highest import NeighborList
from related.similarity.index.search import N_CANDIDATES, N_NEIGHBORS, Index
from related.similarity.stories.pruning import pruned
from related.similarity.stories.stories import Stories
from related.similarity.text.terms import TermCounts

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
    return _widening(lambda n: index.nearest_of(key, n, n), stories, n_neighbors, n_candidates)


def stories_near(
    index: Index,
    stories: Stories,
    counts: TermCounts,
    n_neighbors: int = N_NEIGHBORS,
    n_candidates: int = N_CANDIDATES,
) -> NeighborList:
    """``nearest_stories`` of a text that is not indexed."""
    kept, _ = _widening(lambda n: index.search(counts, n, n), stories, n_neighbors, n_candidates)
    return kept


def _widening(
    search: Callable[[int], NeighborList], stories: Stories, n_neighbors: int, n_candidates: int
) -> tuple[NeighborList, bool]:
    """Search among ever more candidates until enough stories are found, or all."""
    while True:
        found = search(n_candidates)
        kept = pruned(found, stories.of(found[0]), n_neighbors)
        has_seen_all = len(found[0]) < n_candidates
        if has_seen_all or len(kept[0]) == n_neighbors:
            return kept, has_seen_all and len(kept[0]) < n_neighbors
        n_candidates *= WIDER
