"""What tutorials do: ``TfidfVectorizer()`` and the cosine. Measured beside, never served."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

# Rows of similarities that lie in memory together, each as long as the archive.
QUERIES_AT_ONCE = 50


class PlainTfidf:
    """Documents by key, with scikit-learn's defaults."""

    def __init__(self, keys: Sequence[int], texts: Iterable[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # imported late: a second

        self.keys = np.asarray(keys, np.int64)
        self._places = {key: place for place, key in enumerate(self.keys.tolist())}
        try:
            # Single precision halves the memory, and changes no place in a list of ten.
            self._vectors = TfidfVectorizer(dtype=np.float32).fit_transform(texts)
        except ValueError:  # not one word in all texts
            self._vectors = None
        else:
            self._columns = self._vectors.T.tocsr()

    def nearest(self, keys: Iterable[int], n: int) -> Iterator[NDArray[np.int64]]:
        """The keys of the n nearest other documents of each key, best first; none without words."""
        places = (self._places[key] for key in keys)
        while some := list(islice(places, QUERIES_AT_ONCE)):
            if self._vectors is None:
                yield from ([np.array([], np.int64)] * len(some))
                continue
            similarities = (self._vectors[some] @ self._columns).toarray()
            for place, row in zip(some, similarities, strict=True):
                row[place] = 0
                best = np.argsort(-row, kind="stable")[:n]
                yield self.keys[best[row[best] > 0]]
