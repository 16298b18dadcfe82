"""Which documents are asked about, and what a good answer to each would be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from related.domain.reports.own_links import OwnLinks

# Enough for intervals of some 0.02, few enough for an archive of any size.
N_QUERIES = 1000
SEED = 1


@dataclass(frozen=True, slots=True)
class Query:
    """A document with known links, which count in both directions."""

    key: int
    relevant: set[int]
    # Known links that this part does not judge: neither right nor wrong, so left out of lists.
    unjudged: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Split:
    """Queries about the earlier links, on which constants are chosen, and about the later ones,
    on which they are reported; no link is in both."""

    earlier: list[Query]
    later: list[Query]
    n_available: int  # queries of both parts, before some were drawn


def queries_of(pairs: Iterable[tuple[int, int]]) -> list[Query]:
    """A query for each document that a link starts from or leads to."""
    return [Query(key, others) for key, others in sorted(_relevant(pairs).items())]


def split_by_time(links: OwnLinks, n_queries: int = N_QUERIES) -> Split:
    """Half of the links on each side of a moment, and so many queries drawn at random in all.

    A link is as old as the newer of its two documents, for nobody could place it earlier.
    """
    if not len(links):
        return Split([], [], 0)
    is_later = links.moments >= np.median(links.moments)
    parts = [_relevant(map(tuple, links.pairs[side].tolist())) for side in (~is_later, is_later)]
    earlier, later = (
        [
            Query(key, part[key], other.get(key, set()) - part[key])
            for key in _draw(sorted(part), n_queries // 2)
        ]
        for part, other in (parts, parts[::-1])
    )
    return Split(earlier, later, n_available=sum(map(len, parts)))


def _relevant(pairs: Iterable[tuple[int, ...]]) -> dict[int, set[int]]:
    relevant: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        relevant[a].add(b)
        relevant[b].add(a)
    return dict(relevant)


def _draw(keys: list[int], n: int) -> list[int]:
    if len(keys) <= n:
        return keys
    drawn = np.random.default_rng(SEED).choice(len(keys), n, replace=False)
    return [keys[place] for place in sorted(drawn.tolist())]
