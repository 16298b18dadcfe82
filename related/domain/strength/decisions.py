"""What editors said about suggestions, as numbers: score, verdict, time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from related.enums import Verdict
from related.models import Decision, Slot

# Of each slot: memory stays bounded, and what editors wanted long ago counts no more.
NEWEST = 100_000


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions of one slot, or of several together; the arrays are aligned."""

    scores: NDArray[np.float64]
    approved: NDArray[np.bool_]
    seconds: NDArray[np.float64]  # since 1970, when each was decided

    def __len__(self) -> int:
        return len(self.scores)

    def where(self, chosen: NDArray[np.bool_]) -> Decided:
        return Decided(self.scores[chosen], self.approved[chosen], self.seconds[chosen])


def decided_by_slot(slots: Sequence[Slot], newest: int = NEWEST) -> dict[int, Decided]:
    """The newest telling decisions of each slot; one query for each.

    A rejection counts whatever its reason, for the editor does not want the link; so does a pin,
    as an approval. What was decided in bulk, added by hand, or left undecided teaches nothing.
    """
    return {
        slot.pk: _as_arrays(
            Decision.objects.telling()
            .filter(slot=slot)
            .order_by("-decided_at", "-pk")
            .values_list("score", "verdict", "decided_at")[:newest]
        )
        for slot in slots
    }


def join(parts: Sequence[Decided]) -> Decided:
    """All of them as one."""
    if not parts:
        return _as_arrays([])
    return Decided(
        np.concatenate([part.scores for part in parts]),
        np.concatenate([part.approved for part in parts]),
        np.concatenate([part.seconds for part in parts]),
    )


def _as_arrays(rows: Iterable[tuple[float | None, str, datetime]]) -> Decided:
    known = list(rows)
    return Decided(
        np.array([score for score, _, _ in known], np.float64),
        np.array([verdict == Verdict.APPROVED for _, verdict, _ in known], np.bool_),
        np.array([at.timestamp() for _, _, at in known], np.float64),
    )
