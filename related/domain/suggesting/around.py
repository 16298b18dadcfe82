"""A small copy of a corpus: what suggesting for a few documents looks at, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from django.db import models

from related.domain.bulk_rows import Row, chunked, read_rows
from related.domain.corpus.codec import (
    LIST_FIELDS,
    VECTOR_FIELDS,
    read_list_statistics,
    read_statistics,
    read_vectors,
    set_stored_lists,
)
from related.domain.corpus.live import LiveCorpus
from related.models import Corpus, DocumentVector, Neighbors
from related.similarity.lists.neighbors import MOST_OF_A_STORY

IDS, STORY = LIST_FIELDS.index("neighbor_ids"), LIST_FIELDS.index("story")
MOST_VERSIONS = 300  # of crowded stories, the latest to come


class Surroundings:
    """Reads documents with their neighbors and versions, from the served generation.

    It costs the same in any corpus, but for the statistics, which are read once.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.statistics = read_statistics(corpus)
        self.list_statistics = read_list_statistics(corpus, corpus.generation)

    def read(self, document_ids: Sequence[int]) -> LiveCorpus:
        """A copy in which these documents can be suggested for, as a worker's whole copy can."""
        live = LiveCorpus(self.corpus.token, self.corpus.generation, self.statistics)
        live.list_statistics = self.list_statistics
        own = self._lists(document_ids)
        around = self._lists(_listed(own).difference(document_ids))
        known = {row[0] for row in (*own, *around)}
        versions = [row for row in self._versions(own, around) if row[0] not in known]
        rows = [*own, *around, *versions]
        for keys in chunked([row[0] for row in rows]):
            stored = DocumentVector.objects.filter(corpus=self.corpus, document__in=keys)
            found, texts, _ = read_vectors(read_rows(stored, VECTOR_FIELDS))
            live.put_texts(found, texts)
        set_stored_lists(live.lists, live.stories, rows)
        return live

    def _lists(self, document_ids: Collection[int]) -> list[Row]:
        return [
            row
            for keys in chunked(sorted(document_ids))
            for row in read_rows(self._stored.filter(document__in=keys), LIST_FIELDS)
        ]

    def _versions(self, own: Iterable[Row], around: Iterable[Row]) -> list[Row]:
        """Of the stories that have all their places in one of the lists."""
        story_of = {row[0]: row[STORY] for row in (*own, *around)}
        crowded: set[int] = set()
        for row in own:
            told = [story_of.get(key) for key in np.frombuffer(row[IDS], "<i8").tolist()]
            crowded |= {s for s in told if s is not None and told.count(s) >= MOST_OF_A_STORY}
        found = self._stored.filter(story__in=sorted(crowded)).order_by("-document")
        return list(read_rows(found[:MOST_VERSIONS], LIST_FIELDS)) if crowded else []

    @property
    def _stored(self) -> models.QuerySet[Neighbors]:
        return Neighbors.objects.filter(corpus=self.corpus, generation=self.corpus.generation)


def _listed(rows: Iterable[Row]) -> set[int]:
    return {key for row in rows for key in np.frombuffer(row[IDS], "<i8").tolist()}
