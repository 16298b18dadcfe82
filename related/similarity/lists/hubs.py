"""How close a document is to many others, by the first places of its list."""

from __future__ import annotations

import numpy as np

from related.similarity.lists.list_table import Similarities

# Places of a list that tell how close its document is to many others.
N_HUB = 10


def hubs_of(similarities: Similarities) -> Similarities:
    """How close each document is to many others: the mean of the highest ``N_HUB`` of its list.

    Takes [n, width], sorted, ``NOTHING`` or 0 after the end of a list; returns [n], 0 for an empty
    list.
    """
    highest = np.maximum(similarities[:, :N_HUB], 0)
    n_listed = np.maximum((highest > 0).sum(axis=1), 1)
    hubs: Similarities = (highest.sum(axis=1) / n_listed).astype(np.float32)
    return hubs
