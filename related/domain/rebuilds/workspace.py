"""The copy of a corpus that a worker holds while it helps to build the next generation."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock

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
from related.domain.rebuilds.blocks import statistics_row, vectors_of
from related.models import Corpus, CorpusStatistics, Neighbors
from related.similarity.index.statistics import TermStatistics

# Held while the copy is used: threads of one process share it.
lock = RLock()
_held: dict[int, LiveCorpus] = {}  # by primary key of the statistics; one at a time


def count(corpus: Corpus) -> tuple[CorpusStatistics, LiveCorpus]:
    """Count all vectors of a corpus; returns the row (not saved) and the copy made by it."""
    check_memory(corpus)
    version = Corpus.objects.values_list("version", flat=True).get(pk=corpus.pk)
    keys, counts, _ = read_vectors(read_rows(vectors_of(corpus, version), VECTOR_FIELDS))
    statistics = TermStatistics.from_counts(counts)
    n_documents, term_ids, document_frequencies = statistics.to_arrays()
    row = CorpusStatistics(
        corpus=corpus,
        generation=corpus.generation + 1,
        version=version,
        n_documents=n_documents,
        term_ids=term_ids.astype("<u4").tobytes(),
        document_frequencies=document_frequencies.astype("<u4").tobytes(),
    )
    live = LiveCorpus(corpus.token, row.generation, statistics)
    live.version = version
    live.index.put(keys, counts)
    return row, live


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
    row = statistics_row(corpus, generation)
    if row.pk not in _held:
        _held.clear()  # before the next is read: there is memory for one
        _held[row.pk] = _read(corpus, row)
    live = _held[row.pk]
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
    newer = vectors_of(corpus, row.version).filter(version__gt=live.version)
    keys, counts, removed = read_vectors(read_rows(newer, VECTOR_FIELDS))
    live.index.put(keys, counts)
    live.index.remove(removed)
    live.version = row.version
    return live


def read_lists(corpus: Corpus, live: LiveCorpus, keys: Sequence[int]) -> None:
    """Read the lists of these documents that ``live`` does not have yet, as far as stored."""
    is_here = live.lists.holds(keys)
    missing = [key for key, here in zip(keys, is_here, strict=True) if not here]
    stored = Neighbors.objects.filter(corpus=corpus, generation=live.generation)
    for chunk in chunked(missing):
        set_stored_lists(live.lists, read_rows(stored.filter(document__in=chunk), LIST_FIELDS))


def read_all_lists(corpus: Corpus, live: LiveCorpus) -> None:
    """Read every list of the generation being built."""
    stored = Neighbors.objects.filter(corpus=corpus, generation=live.generation)
    set_stored_lists(live.lists, read_rows(stored, LIST_FIELDS))
