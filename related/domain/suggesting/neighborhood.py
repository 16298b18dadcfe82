"""The stored neighbors of documents, with what the rules look at and each slot's score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.documents.dates import days_of
from related.domain.documents.marks import marks_of
from related.domain.suggesting.all_versions import with_all_versions
from related.domain.suggesting.rules import DocumentFacts, ScoredTarget
from related.models import Document, Reranker, Slot
from related.models.documents import order_key
from related.similarity.learned_order import features_of
from related.similarity.lists.titles import title_similarities
from related.similarity.order.scoring import relevance, score

COLUMNS = ["pk", "object_id", "language", "section", "published_at", "address_keys", "is_indexed"]


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
    features: NDArray[np.float64]  # of a learned order, [n, n_neighbors, features]

    def scored(
        self, minimum_score: Callable[[Slot], float] = lambda _: 0.0
    ) -> Iterator[tuple[DocumentFacts, Slot, list[ScoredTarget]]]:
        """(document, slot, its neighbors with at least the minimum score, in no order).

        Nothing of documents withdrawn a moment ago, while a generation is being built.
        """
        is_there = self.similarities > 0
        by_slot = [
            (slot, scores, is_there & (scores >= minimum_score(slot)))
            for slot, scores in self.scores
        ]
        for row, key in enumerate(self.keys):
            if key not in self.facts:
                continue
            for slot, scores, are_wanted in by_slot:
                wanted = np.flatnonzero(are_wanted[row])
                columns = (
                    self.ids[row, wanted],
                    self.similarities[row, wanted],
                    scores[row, wanted],
                )
                neighbors = zip(*(column.tolist() for column in columns), strict=True)
                yield (
                    self.facts[key],
                    slot,
                    [
                        ScoredTarget(self.facts[target], similarity, points)
                        for target, similarity, points in neighbors
                        if target in self.facts
                    ],
                )


def read_neighborhood(
    live: LiveCorpus,
    document_ids: Iterable[int],
    slots: Sequence[Slot],
    *,
    title_share: float = 1.0,
    is_corrected: bool = True,
    has_all_versions: bool = False,
    has_own_versions: bool = False,
) -> Neighborhood:
    """The lists of those documents that have one, scored for each slot.

    Args:
        title_share: how much of their weight the titles keep, to try what else might be.
        is_corrected: whether a learned order that is switched on counts.
        has_all_versions: adds the versions of what is listed that found no place in the list.
        has_own_versions: and those of the documents themselves.
    """
    keys = np.array(list(document_ids), np.int64)
    keys = keys[live.lists.holds(keys.tolist()) & live.index.holds(keys.tolist())]
    ids, similarities = live.lists.tables(keys.tolist())
    if has_all_versions:
        ids, similarities = with_all_versions(
            live, keys, ids, similarities, has_own=has_own_versions
        )
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
    with_text, with_title = _title_similarities(live, keys.tolist(), ids)
    hubs = live.lists.hubs(targets)[places]
    relevances = relevance(
        similarities,
        title_share * with_text,
        title_share * with_title,
        hubs,
        live.list_statistics.typical_hub,
    )
    features = features_of(
        similarities=similarities,
        with_text=with_text,
        with_title=with_title,
        hubs=hubs,
        typical_hub=live.list_statistics.typical_hub,
        log_closeness=log_closeness,
        relevances=relevances,
    )
    learned = Reranker.switched_on() if is_corrected else None
    corrected = relevances if learned is None else relevances * learned.factors(features)
    scores = [(slot, score(corrected, log_closeness, slot.time_weight)) for slot in slots]
    return Neighborhood(keys.tolist(), ids, similarities, scores, facts, features)


def _title_similarities(
    live: LiveCorpus, keys: list[int], ids: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The lists know those of their own neighbors; versions may follow them."""
    with_text, with_title = title_similarities(live.index, live.lists, keys)
    if ids.shape[1] == live.lists.n_neighbors:
        return with_text, with_title
    more = live.index.title_similarities(keys, ids[:, live.lists.n_neighbors :])
    return np.hstack([with_text, more[0]]), np.hstack([with_title, more[1]])


def _read_facts(stories: dict[int, int], linking: Sequence[int]) -> dict[int, DocumentFacts]:
    """The facts of indexed documents, and of the drafts in ``linking``; the keys of what they link
    to for ``linking`` alone.

    Whom a target links to matters to no rule, and reading it would take longer than all else.
    """
    own = set(linking)
    linked_keys = {
        pk: bytes(keys)
        for chunk in chunked(linking)
        for pk, keys in Document.objects.filter(pk__in=chunk)
        .exclude(linked_keys=b"")
        .values_list("pk", "linked_keys")
    }
    return {
        pk: DocumentFacts(
            *(pk, language, section, at, order_key(at, object_id)),
            *(bytes(addresses), linked_keys.get(pk, b""), stories[pk], marks),
        )
        for chunk in chunked(list(stories))
        for pk, object_id, language, section, at, addresses, is_indexed, marks in (
            Document.objects.filter(
                Q(is_indexed=True) | Q(is_draft=True), pk__in=chunk
            ).values_list(*COLUMNS, marks_of())
        )
        if is_indexed or pk in own
    }
