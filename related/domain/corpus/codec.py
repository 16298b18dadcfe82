"""Stored bytes to arrays and back: what the machine's rows hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from related.domain.bulk_rows import Row
from related.models import Corpus, CorpusStatistics, DocumentVector, Neighbors
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.order.statistics import ListStatistics
from related.similarity.order.time_curve import TimeCurve
from related.similarity.stories.stories import Stories
from related.similarity.text.analysis import AnalyzedText
from related.similarity.text.passages import Passages, hashes_from_bytes
from related.similarity.text.sketches import sketch_from_bytes
from related.similarity.text.terms import TermCounts

VECTOR_FIELDS = ["document", "term_ids", "counts", "title_ids", "sketch", "passages"]
LIST_FIELDS = ["document", "neighbor_ids", "similarities", "is_complete", "hub", "story"]
LISTS_AT_ONCE = 20_000


def read_counts(row: DocumentVector) -> TermCounts:
    """The stored counts of a document, and the words of its single-word terms.

    Raises:
        ValueError: the stored bytes are damaged; the message says how.
    """
    counts = TermCounts.from_bytes(bytes(row.term_ids), bytes(row.counts), bytes(row.title_ids))
    return replace(counts, words=tuple(row.words.split("\n"))) if row.words else counts


def read_text(row: DocumentVector) -> AnalyzedText:
    """All that is stored of a document's text.

    Raises:
        ValueError: the stored bytes are damaged; the message says how.
    """
    stored = row.passages, row.wording, row.omitted
    passages = Passages.from_bytes(*(bytes(part) for part in stored))
    return AnalyzedText(read_counts(row), sketch_from_bytes(bytes(row.sketch)), passages)


def read_statistics(corpus: Corpus) -> TermStatistics:
    """The served statistics of a corpus; empty ones before the first rebuild."""
    row = CorpusStatistics.objects.filter(corpus=corpus, generation=corpus.generation).first()
    return TermStatistics.from_counts([]) if row is None else statistics_of(row)


def statistics_of(row: CorpusStatistics) -> TermStatistics:
    """What a row of any generation holds, also of one that is being built."""
    return TermStatistics.from_arrays(
        row.n_documents,
        np.frombuffer(row.term_ids, "<u4"),
        np.frombuffer(row.document_frequencies, "<u4"),
    )


def read_list_statistics(corpus: Corpus, generation: int) -> ListStatistics:
    """What is known of the lists of a generation; nothing before its first rebuild."""
    rows = CorpusStatistics.objects.filter(corpus=corpus, generation=generation)
    row = rows.values_list("typical_hub", "time_curve").first()
    if row is None or not row[1]:
        return ListStatistics()
    typical_hub, log_ratios = row
    return ListStatistics(typical_hub, TimeCurve(tuple(log_ratios)))


def read_vectors(rows: Iterable[Row]) -> tuple[list[int], list[AnalyzedText], list[int]]:
    """Documents, their texts without words and wording, and the documents that were removed.

    Args:
        rows: of ``VECTOR_FIELDS``.

    Raises:
        ValueError: stored bytes are damaged; the message names the document.
    """
    keys: list[int] = []
    texts: list[AnalyzedText] = []
    removed: list[int] = []
    for key, term_ids, *others in rows:
        if term_ids:
            keys.append(key)
            texts.append(_text_of(key, term_ids, *others))
        else:
            removed.append(key)
    return keys, texts, removed


def _text_of(key: int, *stored: bytes) -> AnalyzedText:
    """ValueError names the document when its bytes are damaged."""
    term_ids, counts, title_ids, sketch, passages = stored
    try:
        return AnalyzedText(
            TermCounts.from_bytes(term_ids, counts, title_ids),
            sketch_from_bytes(sketch),
            Passages(hashes_from_bytes(passages)),
        )
    except ValueError as error:
        raise ValueError(f"Vector of document {key}: {error}") from None


def set_stored_lists(lists: NeighborLists, stories: Stories, rows: Iterable[Row]) -> None:
    """Take over stored lists and the stories of their documents, given as rows of ``LIST_FIELDS``.

    Raises:
        ValueError: the stored bytes of a list are damaged; the message names the document.
    """
    rows = iter(rows)
    while some := list(islice(rows, LISTS_AT_ONCE)):
        keys, ids, similarities, is_complete, hubs, told = zip(*some, strict=True)
        lengths = np.array([len(part) // 8 for part in ids])
        if not np.array_equal(lengths * 4, [len(part) for part in similarities]):
            for key, own_ids, own_similarities, *_ in some:
                _list_of(key, own_ids, own_similarities)  # raises at the damaged one
        lists.set_many(
            np.array(keys, np.int64),
            lengths,
            np.frombuffer(b"".join(ids), "<i8"),
            np.frombuffer(b"".join(similarities), "<f4"),
            np.array(is_complete),
            np.array(hubs, np.float32),
        )
        known = [(key, story) for key, story in zip(keys, told, strict=True) if story is not None]
        stories.tell(*np.array(known, np.int64).reshape(-1, 2).T)


def read_neighbors(row: Neighbors) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """(neighbor ids, similarities) of a stored list, nearest first.

    Raises:
        ValueError: the stored bytes are damaged; the message names the document.
    """
    return _list_of(row.document_id, bytes(row.neighbor_ids), bytes(row.similarities))


def _list_of(
    key: int, neighbor_ids: bytes, similarities: bytes
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    ids = np.frombuffer(neighbor_ids, "<i8").astype(np.int64)
    values = np.frombuffer(similarities, "<f4").astype(np.float32)
    if len(ids) != len(values):
        raise ValueError(
            f"Stored neighbors of document {key} are damaged: {len(ids)} ids but "
            f"{len(values)} similarities. Run rebuild_related --cold."
        )
    return ids, values
