"""What editors said about suggestions, beside what the score of each is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.suggesting.neighborhood import read_neighborhood
from related.enums import Verdict
from related.models import Corpus, Decision, Slot
from related.similarity.learned_order import FEATURES

NEWEST = 100_000  # decisions: memory stays bounded
CHUNK = 200  # documents, each with its 40 neighbors

# target, slot, whether approved, when (seconds since 1970)
Said = tuple[int, int, bool, float]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Decisions on neighbors; the arrays are aligned. A score has no learned correction in it."""

    documents: NDArray[np.int64]
    seconds: NDArray[np.float64]
    approved: NDArray[np.bool_]
    scores: NDArray[np.float64]
    features: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.documents)

    @property
    def n_documents(self) -> int:
        return len(np.unique(self.documents))

    def where(self, chosen: NDArray[np.bool_]) -> Reviewed:
        return Reviewed(
            self.documents[chosen],
            self.seconds[chosen],
            self.approved[chosen],
            self.scores[chosen],
            self.features[chosen],
        )


def read_reviewed(newest: int = NEWEST) -> Reviewed:
    """The newest telling decisions of all slots that go by similarity, as the index is now.

    What is no neighbor any more, since a text changed, is left out.

    Raises:
        CorpusTooLarge: a corpus does not fit into memory.
    """
    slots = list(Slot.objects.by_similarity())
    said: dict[int, list[Said]] = defaultdict(list)
    rows = Decision.objects.telling().filter(slot__in=slots).order_by("-decided_at", "-pk")
    columns = ("document", "target", "slot", "verdict", "decided_at")
    for document, target, slot, verdict, at in rows.values_list(*columns)[:newest]:
        said[document].append((target, slot, verdict == Verdict.APPROVED, at.timestamp()))
    found: list[tuple[int, float, bool, float, NDArray[np.float64]]] = []
    if said:
        for corpus in Corpus.objects.order_by("language"):
            live = LiveCorpus.read(corpus)
            for keys in chunked(sorted(said)):
                found += _of(live, keys, slots, said)
    return Reviewed(
        np.array([row[0] for row in found], np.int64),
        np.array([row[1] for row in found], np.float64),
        np.array([row[2] for row in found], np.bool_),
        np.array([row[3] for row in found], np.float64),
        np.array([row[4] for row in found], np.float64).reshape(-1, len(FEATURES)),
    )


def _of(
    live: LiveCorpus, keys: Sequence[int], slots: Sequence[Slot], said: dict[int, list[Said]]
) -> Iterator[tuple[int, float, bool, float, NDArray[np.float64]]]:
    neighborhood = read_neighborhood(live, keys, slots, is_corrected=False)
    scores_of = {slot.pk: scores for slot, scores in neighborhood.scores}
    for row, document in enumerate(neighborhood.keys):
        places = {target: place for place, target in enumerate(neighborhood.ids[row].tolist())}
        for target, slot, is_approved, seconds in said[document]:
            place = places.get(target)
            if place is not None and neighborhood.similarities[row, place] > 0:
                score = float(scores_of[slot][row, place])
                yield document, seconds, is_approved, score, neighborhood.features[row, place]
