"""The copy of a corpus that a worker holds while it helps to build the next generation."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from related.domain.bulk_rows import chunked, read_rows
from related.domain.corpus import snapshots
from related.domain.corpus.codec import (
    LIST_FIELDS,
    VECTOR_FIELDS,
    read_list_statistics,
    read_vectors,
    set_stored_lists,
    statistics_of,
)
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.memory import check_memory
from related.domain.corpus.story_verdicts import read_all_said
from related.domain.rebuilds.blocks import vectors_of
from related.models import Corpus, CorpusStatistics, Neighbors
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import MOST_OF_A_STORY
from related.similarity.stories.grouping import divided
from related.similarity.stories.stories import Stories

# Held while the copy is used: threads of one process share it.
lock = RLock()
_held: dict[int, LiveCorpus] = {}  # by primary key of the statistics; one at a time


def count(corpus: Corpus) -> tuple[CorpusStatistics, LiveCorpus]:
    """Count all vectors of a corpus; returns the row (not saved) and the copy made by it."""
    check_memory(corpus)
    version = Corpus.objects.values_list("version", flat=True).get(pk=corpus.pk)
    keys, texts, _ = read_vectors(read_rows(vectors_of(corpus, version), VECTOR_FIELDS))
    statistics = TermStatistics.from_counts([text.counts for text in texts])
    live = LiveCorpus(corpus.token, corpus.generation + 1, statistics)
    live.version = version
    live.put_texts(keys, texts)
    live.stories.regroup(read_all_said())
    n_documents, term_ids, document_frequencies = statistics.to_arrays()
    row = CorpusStatistics(
        corpus=corpus,
        generation=live.generation,
        version=version,
        n_documents=n_documents,
        term_ids=term_ids.astype("<u4").tobytes(),
        document_frequencies=document_frequencies.astype("<u4").tobytes(),
        divided_documents=_divided(corpus, live.stories).astype("<i8").tobytes(),
    )
    documents, stories = live.stories.joined()
    row.story_documents = documents.astype("<i8").tobytes()
    row.stories = stories.astype("<i8").tobytes()
    return row, live


def _divided(corpus: Corpus, stories: Stories) -> NDArray[np.int64]:
    """The documents of large stories of the served generation that are no longer one."""
    served = Neighbors.objects.filter(corpus=corpus, generation=corpus.generation)
    rows = read_rows(served.exclude(story=None), ["document", "story"])
    keys, before = np.array(list(rows), np.int64).reshape(-1, 2).T
    return keys[divided(before, stories.of(keys), MOST_OF_A_STORY)]


def hold(row: CorpusStatistics, live: LiveCorpus) -> None:
    """Keep the copy for the blocks to come, in place of any other."""
    _held.clear()
    _held[row.pk] = live


def clear() -> None:
    """Give the memory back, once the generation is served or given up."""
    _held.clear()


def held(corpus: Corpus, generation: int) -> LiveCorpus:
    """This process's copy of the generation being built, read from the database where needed.

    The index may know documents that were stored after the statistics were counted, or miss some
    that changed since: the switch puts all of those in again.
    """
    rows = CorpusStatistics.objects.filter(corpus=corpus, generation=generation)
    key = rows.values_list("pk", flat=True).get()  # the whole row is many megabytes
    if key not in _held:
        _held.clear()  # before the next is read: there is memory for one
        _held[key] = _read(corpus, rows.get())
    live = _held[key]
    # Learned after this process may have read the rest.
    live.list_statistics = read_list_statistics(corpus, generation)
    return live


def _read(corpus: Corpus, row: CorpusStatistics) -> LiveCorpus:
    """From this host's snapshot of the served generation, reweighted, or from the database."""
    check_memory(corpus)
    statistics = statistics_of(row)
    live = LiveCorpus(corpus.token, row.generation, statistics)
    parts = snapshots.load(corpus)
    if parts is not None and parts.version <= row.version:
        live.version = parts.version
        live.index = parts.index.with_statistics(statistics)
        live.stories = parts.stories
        live.passages = parts.passages
    newer = vectors_of(corpus, row.version).filter(version__gt=live.version)
    keys, texts, removed = read_vectors(read_rows(newer, VECTOR_FIELDS))
    live.put_texts(keys, texts)
    live.index.remove(removed)
    for key in removed:
        live.stories.remove(key)
    live.stories.begin_anew()
    live.stories.tell(np.frombuffer(row.story_documents, "<i8"), np.frombuffer(row.stories, "<i8"))
    live.version = row.version
    return live


def divided_documents(live: LiveCorpus, corpus: Corpus) -> NDArray[np.int64]:
    """The documents of large stories that fell apart with the generation of ``live``."""
    rows = CorpusStatistics.objects.filter(corpus=corpus, generation=live.generation)
    return np.frombuffer(rows.values_list("divided_documents", flat=True).get(), "<i8")


def read_lists(corpus: Corpus, live: LiveCorpus, keys: Sequence[int]) -> None:
    """Read the lists of these documents that ``live`` does not have yet, as far as stored."""
    is_here = live.lists.holds(keys)
    missing = [key for key, here in zip(keys, is_here, strict=True) if not here]
    stored = Neighbors.objects.filter(corpus=corpus, generation=live.generation)
    for chunk in chunked(missing):
        rows = read_rows(stored.filter(document__in=chunk), LIST_FIELDS)
        set_stored_lists(live.lists, live.stories, rows)


def read_all_lists(corpus: Corpus, live: LiveCorpus) -> None:
    """Read every list of the generation being built."""
    stored = Neighbors.objects.filter(corpus=corpus, generation=live.generation)
    set_stored_lists(live.lists, live.stories, read_rows(stored, LIST_FIELDS))
