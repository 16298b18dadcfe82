"""The stored neighbors of documents, with what the rules look at and each slot's score."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.documents.dates import days_of
from related.domain.suggesting.rules import DocumentFacts, ScoredTarget
from related.models import Document, Slot
from related.models.documents import order_key
from related.similarity.order.scoring import relevance, score

COLUMNS = ["pk", "object_id", "language", "section", "published_at", "url_path"]


@dataclass(frozen=True, slots=True)
class Neighborhood:
    """The lists of some documents: keys [n]; all else [n, n_neighbors], by document and place.

    A similarity of 0 or less stands for a place without a neighbor.
    """

    keys: list[int]
    ids: NDArray[np.int64]
    similarities: NDArray[np.float32]
    scores: list[tuple[Slot, NDArray[np.float64]]]
    facts: dict[int, DocumentFacts]

    def scored(self) -> Iterator[tuple[DocumentFacts, Slot, list[ScoredTarget]]]:
        """(document, slot, its neighbors in no order); nothing of documents withdrawn a moment ago,
        while a generation is being built."""
        ids, similarities = self.ids.tolist(), self.similarities.tolist()
        by_slot = [(slot, scores.tolist()) for slot, scores in self.scores]
        for row, key in enumerate(self.keys):
            if key not in self.facts:
                continue
            for slot, scores in by_slot:
                places = zip(ids[row], similarities[row], scores[row], strict=True)
                yield (
                    self.facts[key],
                    slot,
                    [
                        ScoredTarget(self.facts[target], similarity, points)
                        for target, similarity, points in places
                        if similarity > 0 and target in self.facts
                    ],
                )


def read_neighborhood(
    live: LiveCorpus, document_ids: Iterable[int], slots: Sequence[Slot]
) -> Neighborhood:
    """The lists of those documents that have one, scored for each slot."""
    keys = np.array(list(document_ids), np.int64)
    keys = keys[live.lists.holds(keys.tolist()) & live.index.holds(keys.tolist())]
    ids, similarities = live.lists.tables(keys.tolist())
    targets, places = np.unique(ids, return_inverse=True)
    places = places.reshape(ids.shape)
    known = np.union1d(keys, targets)
    stories = dict(zip(known.tolist(), live.stories.of(known).tolist(), strict=True))
    facts = _read_facts(stories, keys.tolist())

    def days(some: NDArray[np.int64]) -> NDArray[np.float64]:
        found = (facts[key].published_at if key in facts else None for key in some.tolist())
        return np.array([days_of(moment) for moment in found], np.float64)

    days_apart = days(targets)[places] - days(keys)[:, None]
    log_closeness = live.list_statistics.time_curve.log_closeness(days_apart)
    relevances = relevance(
        similarities,
        *live.index.title_similarities(keys.tolist(), ids),
        live.lists.hubs(targets.tolist())[places],
        live.list_statistics.typical_hub,
    )
    scores = [(slot, score(relevances, log_closeness, slot.time_weight)) for slot in slots]
    return Neighborhood(keys.tolist(), ids, similarities, scores, facts)


def _read_facts(stories: dict[int, int], linking: Sequence[int]) -> dict[int, DocumentFacts]:
    """The facts of indexed documents; the paths that they link to for ``linking`` alone.

    Whom a target links to matters to no rule, and reading it would take longer than all else.
    """
    linked_paths = {
        pk: paths
        for chunk in chunked(linking)
        for pk, paths in Document.objects.filter(pk__in=chunk)
        .exclude(linked_paths=[])
        .values_list("pk", "linked_paths")
    }
    return {
        pk: DocumentFacts(
            *(pk, language, section, at, order_key(at, object_id), path, linked_paths.get(pk, [])),
            stories[pk],
        )
        for chunk in chunked(list(stories))
        for pk, object_id, language, section, at, path in Document.objects.indexed()
        .filter(pk__in=chunk)
        .values_list(*COLUMNS)
    }
