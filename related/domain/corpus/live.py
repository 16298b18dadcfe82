"""A corpus in memory: read from the database, brought up to date from it, and changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
from related.similarity.passages.index import PassageIndex
from related.similarity.stories.nearest import nearest_stories
from related.similarity.stories.pruning import pruned
from related.similarity.stories.stories import Stories
from related.similarity.stories.verdicts import Said
from related.similarity.text.analysis import AnalyzedText


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
        self.stories = Stories()
        self.passages = PassageIndex()
        # Those that repeat, as of the corpus row's ``passages_version``; not read yet.
        self.repeated: frozenset[int] = frozenset()
        self.passages_version = -1
        self.list_statistics = ListStatistics()
        self.n_unshared = 0  # documents that were read or built here, and are in no snapshot

    def put(self, changes: dict[int, AnalyzedText]) -> set[int]:
        """Add, replace or (with no terms) remove documents; returns all whose list changed, or
        lists a story that changed."""
        removed = [key for key, text in changes.items() if not len(text.counts)]
        stored = {key: text for key, text in sorted(changes.items()) if len(text.counts)}
        changed: set[int] = set()
        crowded: set[int] = set()
        told_anew: set[int] = set()
        self.index.remove([key for key in removed if key in self.index])
        self.index.put(list(stored), [text.counts for text in stored.values()])
        self.passages.put(stored, [text.passages.hashes for text in stored.values()])
        for key in changes:
            versions = self.stories.members(key)
            crowded.update(self.lists.crowded_with(key, versions))
            told_anew.update(self.lists.crowded(versions))
            changed.update(self.lists.withdraw(key))
            self.stories.remove(key)
        for key in removed:
            self.lists.remove(key)
        for key, text in stored.items():
            changed.update(self._enter(key, text))
        changed.update(changes, crowded)
        others = changed - changes.keys()
        for key in {*self._short(others), *(crowded & others)}:
            self.search_again(key)
        for key in stored:
            told_anew.update(self.lists.crowded(self.stories.members(key)))
        return changed | told_anew

    def _enter(self, key: int, text: AnalyzedText) -> list[int]:
        """Find the story and the neighbors of a document that stands in no list; returns the lists
        that it enters."""
        found = self.index.search(
            text.counts, n_neighbors=N_CANDIDATES, n_candidates=N_CANDIDATES, exclude=key
        )
        self.stories.join(key, text.sketch, found[0][:N_NEIGHBORS])
        kept = pruned(found, self.stories.of(found[0]), N_NEIGHBORS)
        if len(kept[0]) < N_NEIGHBORS and len(found[0]) == N_CANDIDATES:
            self.search_again(key)
        else:
            self.lists.set(key, *kept)
        return self.lists.update(key, *found, self.stories.members(key))

    def retell(self, said: Said) -> set[int]:
        """Let documents tell the stories that editors said they do; returns all that tell another
        one now, and all whose list holds one of these."""
        changed: set[int] = set()
        crowded: set[int] = set()
        for key, told, tells in self.stories.retell(said):
            changed.update([key], self.lists.listing(key))
            for versions in (told, tells):
                crowded.update(self.lists.crowded_with(key, versions))
        for key in sorted(crowded):
            self.search_again(key)
        return changed

    def search_again(self, key: int) -> None:
        """Fill one document's list from scratch."""
        kept, is_complete = nearest_stories(self.index, self.stories, key)
        self.lists.set(key, *kept, is_complete=is_complete)

    def _short(self, keys: Iterable[int]) -> list[int]:
        return [key for key in keys if key in self.index and self.lists.is_short(key)]

    def catch_up(self, corpus: Corpus) -> int:
        """Take over what other workers stored since ``version``; returns how many documents."""
        n_changed = self._catch_up_index(corpus)
        lists = Neighbors.objects.filter(generation=self.generation, **self.since(corpus))
        set_stored_lists(self.lists, self.stories, read_rows(lists, LIST_FIELDS))
        self.version = corpus.version
        return n_changed

    def _catch_up_index(self, corpus: Corpus) -> int:
        """Take over the documents alone, without ``version``; returns how many changed."""
        rows = DocumentVector.objects.filter(**self.since(corpus))
        keys, texts, removed = read_vectors(read_rows(rows, VECTOR_FIELDS))
        self.put_texts(keys, texts)
        if len(self.lists):
            for key in keys:
                self.lists.withdraw(key)  # the lists that it enters are read after this
        for key in removed:
            if key in self.index:
                self.index.remove([key])
                self.lists.remove(key)
                self.stories.remove(key)
        return len(keys) + len(removed)

    def put_texts(self, keys: Sequence[int], texts: Sequence[AnalyzedText]) -> None:
        """Add or replace documents, without their lists, and without looking for their stories."""
        self.index.put(keys, [text.counts for text in texts])
        self.stories.put(keys, [text.sketch for text in texts])
        self.passages.put(keys, [text.passages.hashes for text in texts])

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
        index, lists, stories = self.index, self.lists, self.stories
        passages = self.passages
        return Parts(
            self.generation, self.version, self.statistics, index, lists, stories, passages
        )

    def take(self, parts: Parts) -> None:
        """Replace what this copy holds by a snapshot of the same generation."""
        self.version, self.statistics = parts.version, parts.statistics
        self.index, self.lists, self.stories = parts.index, parts.lists, parts.stories
        self.passages = parts.passages
