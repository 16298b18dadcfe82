"""What the lists of a corpus say about it: a typical hub, and closeness in time."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from related.similarity.lists.neighbors import NeighborLists
from related.similarity.order.time_curve import EDGES, TimeCurve, count_days

# Places of a list: each other's in the first ones are close, in the last ones they are not.
_CLOSE = slice(0, 2)
_FAR = slice(20, 40)
AT_ONCE = 20_000  # lists; each takes about a kilobyte


@dataclass(frozen=True, slots=True)
class ListStatistics:
    """Learned from the lists of a generation and frozen with it.

    typical_hub: the median of all hubs; 0 before there is one, and hubs count for nothing then.
    """

    typical_hub: float = 0.0
    time_curve: TimeCurve = field(default_factory=TimeCurve)

    @classmethod
    def learn(
        cls,
        lists: NeighborLists,
        keys: NDArray[np.int64],
        published: NDArray[np.float64],
        at_once: int = AT_ONCE,
    ) -> ListStatistics:
        """From the lists of all documents of a corpus.

        Args:
            keys: those of the documents that have a list, ascending.
            published: when each came out, in days since any moment; NaN where that is unknown.
        """
        close, others = np.zeros((2, len(EDGES)), np.int64)
        for start in range(0, len(keys), at_once):
            some = slice(start, start + at_once)
            ids, _ = lists.tables(keys[some].tolist())
            rows = np.minimum(np.searchsorted(keys, ids), len(keys) - 1)
            days = published[rows] - published[some, None]
            days[keys[rows] != ids] = np.nan  # after the end of a list
            back, _ = lists.tables(keys[rows[:, _CLOSE]].ravel().tolist())
            back = back[:, _CLOSE].reshape(len(ids), -1, _CLOSE.stop)
            is_mutual = back == keys[some, None, None]
            close += count_days(days[:, _CLOSE][is_mutual.any(axis=2)])
            others += count_days(days[:, _FAR])
        hubs = lists.hubs(keys.tolist())
        typical_hub = float(np.median(hubs)) if len(hubs) else 0.0
        return cls(typical_hub, TimeCurve.learn(close, others))
