"""Neighbor lists with the versions that found no place in them: no list holds more than three."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.domain.corpus.live import LiveCorpus
from related.similarity.lists.key_rows import NOBODY
from related.similarity.lists.list_table import Ids, Similarities
from related.similarity.lists.neighbors import MOST_OF_A_STORY

MAX_MORE = 100  # of one list, the latest to come


def with_all_versions(
    live: LiveCorpus,
    keys: NDArray[np.int64],
    ids: Ids,
    similarities: Similarities,
    *,
    has_own: bool,
) -> tuple[Ids, Similarities]:
    """The lists, wider, with the further versions of each text that has all its places in them.

    Args:
        ids, similarities: the lists of ``keys``, [len(keys), n_neighbors] each.
        has_own: those of the documents' own texts too.
    """
    more = versions_left_out(live, keys, ids, has_own=has_own)
    width = max(map(len, more), default=0)
    if not width:
        return ids, similarities
    added = np.full((len(keys), width), NOBODY)
    for place, row in enumerate(more):
        added[place, : len(row)] = row
    found = live.index.list_similarities(keys.tolist(), added)
    return np.hstack([ids, added]), np.hstack([similarities, found])


def versions_left_out(
    live: LiveCorpus, keys: NDArray[np.int64], ids: Ids, *, has_own: bool
) -> list[list[int]]:
    """What ``with_all_versions`` adds to each list."""
    told: Any = live.stories.of(ids.ravel()).reshape(ids.shape).tolist()
    own: Any = live.stories.of(keys).tolist()

    @cache
    def members(story: int) -> list[int]:
        telling: list[int] = live.stories.telling(story).tolist()
        return telling

    more: list[list[int]] = []
    for place, (key, listed) in enumerate(zip(keys.tolist(), ids.tolist(), strict=True)):
        known = {key, *listed}
        left_out = [
            other
            for story, n in Counter(told[place]).items()
            if n >= MOST_OF_A_STORY and (has_own or story != own[place])
            for other in members(story)
            if other not in known
        ]
        more.append(sorted(left_out)[-MAX_MORE:])
    return more
