"""A corpus in memory: read from the database, brought up to date from it, and changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from related.domain.bulk_rows import read_rows
from related.domain.corpus import snapshots
from related.domain.corpus.codec import (
    LIST_FIELDS,
    VECTOR_FIELDS,
    read_list_statistics,
    read_statistics,
    read_vectors,
    set_stored_lists,
)
from related.domain.corpus.memory import check_memory
from related.domain.corpus.snapshots import Parts
from related.models import Corpus, DocumentVector, Neighbors
from related.similarity.allocator import give_back_large_arrays
from related.similarity.index.search import N_CANDIDATES, N_NEIGHBORS, Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.order.statistics import ListStatistics
from related.similarity.text.terms import TermCounts


class LiveCorpus:
    """Vectors and neighbor lists of one corpus as of ``version``.

    Changes are made only by the holder of the corpus row's lock, who writes the same changes to
    the database in that transaction; where it fails, the copy is dropped.
    """

    def __init__(self, token: UUID, generation: int, statistics: TermStatistics) -> None:
        give_back_large_arrays()
        self.token = token
        self.generation = generation
        self.version = 0
        self.statistics = statistics
        self.index = Index(statistics)
        self.lists = NeighborLists(N_NEIGHBORS)
        self.list_statistics = ListStatistics()
        self.n_unshared = 0  # documents that were read or built here, and are in no snapshot

    def put(self, changes: dict[int, TermCounts]) -> set[int]:
        """Add, replace or (with no terms) remove documents; returns all whose list changed."""
        removed = [key for key, counts in changes.items() if not len(counts)]
        stored = {key: counts for key, counts in changes.items() if len(counts)}
        changed: set[int] = set()
        self.index.remove([key for key in removed if key in self.index])
        self.index.put(list(stored), list(stored.values()))
        for key in changes:
            changed.update(self.lists.withdraw(key))
        for key in removed:
            self.lists.remove(key)
        for key, counts in stored.items():
            keys, similarities = self.index.search(
                counts, n_neighbors=N_CANDIDATES, n_candidates=N_CANDIDATES, exclude=key
            )
            self.lists.set(key, keys[:N_NEIGHBORS], similarities[:N_NEIGHBORS])
            changed.update(self.lists.update(key, keys, similarities))
        changed.update(changes)
        for key in self._short(changed - changes.keys()):
            self.search_again(key)
        return changed

    def search_again(self, key: int) -> None:
        """Fill one document's list from scratch."""
        keys, similarities = self.index.search(
            self.index.counts(key),
            n_neighbors=N_NEIGHBORS,
            n_candidates=N_CANDIDATES,
            exclude=key,
        )
        self.lists.set(key, keys, similarities)

    def _short(self, keys: Iterable[int]) -> list[int]:
        return [key for key in keys if key in self.index and self.lists.is_short(key)]

    def catch_up(self, corpus: Corpus) -> int:
        """Take over what other workers stored since ``version``; returns how many documents."""
        n_changed = self._catch_up_index(corpus)
        lists = Neighbors.objects.filter(generation=self.generation, **self.since(corpus))
        set_stored_lists(self.lists, read_rows(lists, LIST_FIELDS))
        self.version = corpus.version
        return n_changed

    def _catch_up_index(self, corpus: Corpus) -> int:
        """Take over the documents alone, without ``version``; returns how many changed."""
        rows = DocumentVector.objects.filter(**self.since(corpus))
        keys, counts, removed = read_vectors(read_rows(rows, VECTOR_FIELDS))
        self.index.put(keys, counts)
        for key in removed:
            if key in self.index:
                self.index.remove([key])
                self.lists.remove(key)
        return len(keys) + len(removed)

    def precedes(self, corpus: Corpus) -> bool:
        """Whether ``catch_up`` leads to the row's state: the same generation, and no later."""
        return (
            self.token == corpus.token
            and self.generation == corpus.generation
            and self.version <= corpus.version
        )

    def since(self, corpus: Corpus) -> dict[str, Any]:
        """Condition on stored rows: what this copy does not know yet."""
        return {"corpus": corpus, "version__gt": self.version, "version__lte": corpus.version}

    @classmethod
    def read(cls, corpus: Corpus) -> LiveCorpus:
        """A copy as of the row's version: from this host's snapshot and what is newer, or all
        from the database.

        Raises:
            CorpusTooLarge: it would not fit into memory.
        """
        check_memory(corpus)
        parts = snapshots.load(corpus)
        if parts is None:
            live = cls(corpus.token, corpus.generation, read_statistics(corpus))
        else:
            live = cls(corpus.token, corpus.generation, parts.statistics)
            live.take(parts)
        live.list_statistics = read_list_statistics(corpus, corpus.generation)
        live.n_unshared = live.catch_up(corpus)
        return live

    @property
    def parts(self) -> Parts:
        """What a snapshot of this copy holds."""
        return Parts(self.generation, self.version, self.statistics, self.index, self.lists)

    def take(self, parts: Parts) -> None:
        """Replace what this copy holds by a snapshot of the same generation."""
        self.version, self.statistics = parts.version, parts.statistics
        self.index, self.lists = parts.index, parts.lists
