"""Lists as rows of tables: put in order, and without some of their places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from related.similarity.lists.key_rows import NOBODY
from related.similarity.lists.list_table import NOTHING, Ids, Similarities


def in_order(ids: Ids, similarities: Similarities) -> tuple[Ids, Similarities]:
    """Each row most similar first, equals by key descending."""
    order = np.lexsort((-ids, -similarities), axis=-1)
    return np.take_along_axis(ids, order, axis=1), np.take_along_axis(similarities, order, axis=1)


def cleared(
    ids: Ids, similarities: Similarities, places: NDArray[np.bool_]
) -> tuple[Ids, Similarities]:
    """Nobody at some places; not in order."""
    return np.where(places, NOBODY, ids), np.where(places, NOTHING, similarities)
