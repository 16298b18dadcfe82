"""Writing the machine's arrays in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from related.domain.bulk_rows import ROWS_PER_INSERT, chunked, insert_rows
from related.domain.corpus.live import LiveCorpus
from related.models import Corpus, DocumentVector, Neighbors
from related.similarity.lists.hubs import hubs_of
from related.similarity.text.analysis import AnalyzedText
from related.similarity.text.sketches import sketch_to_bytes

# (document, neighbors' ids, similarities, whether that is all that resembles it)
FoundList = tuple[int, NDArray[np.int64], NDArray[np.float32], bool]


def store_vectors(corpus: Corpus, changes: Mapping[int, AnalyzedText]) -> None:
    """Insert or replace the texts of documents; an empty one stands for a removed document."""
    rows = []
    for document_id, text in changes.items():
        term_ids, numbers, title_ids = text.counts.to_bytes()
        passages, wording, omitted = text.passages.to_bytes()
        rows.append(
            DocumentVector(
                document_id=document_id,
                corpus=corpus,
                version=corpus.version,
                term_ids=term_ids,
                counts=numbers,
                words="\n".join(text.counts.words),
                title_ids=title_ids,
                sketch=sketch_to_bytes(text.sketch),
                passages=passages,
                wording=wording,
                omitted=omitted,
            )
        )
    DocumentVector.objects.bulk_create(
        rows,
        batch_size=ROWS_PER_INSERT,
        update_conflicts=True,
        unique_fields=["document", "corpus"],
        update_fields=[
            *("version", "term_ids", "counts", "words", "title_ids", "sketch"),
            *("passages", "wording", "omitted"),
        ],
    )


def store_neighbors(corpus: Corpus, live: LiveCorpus, document_ids: Iterable[int]) -> None:
    """Insert or replace the lists of documents as they stand in ``live``, for its generation."""
    stored, removed = [], []
    for document_id in document_ids:
        if document_id in live.index:
            stored.append(_neighbors_row(corpus, live, document_id))
        else:
            removed.append(document_id)
    Neighbors.objects.bulk_create(
        stored,
        batch_size=ROWS_PER_INSERT,
        update_conflicts=True,
        unique_fields=["document", "corpus", "generation"],
        update_fields=["version", "neighbor_ids", "similarities", "is_complete", "hub", "story"],
    )
    for chunk in chunked(removed):
        Neighbors.objects.filter(
            corpus=corpus, generation=live.generation, document__in=chunk
        ).delete()


def insert_lists(corpus: Corpus, live: LiveCorpus, found: Iterable[FoundList]) -> None:
    """Write the lists of a block of the generation being built."""
    found = list(found)
    stories = live.stories.of(np.array([key for key, *_ in found], np.int64)).tolist()
    rows = [
        (
            key,
            corpus.pk,
            live.generation,
            live.version,
            _bytes(ids, "<i8"),
            _bytes(similarities, "<f4"),
            is_complete,
            float(hubs_of(similarities[np.newaxis])[0]),
            story,
        )
        for (key, ids, similarities, is_complete), story in zip(found, stories, strict=True)
    ]
    insert_rows(
        Neighbors,
        [
            *("document", "corpus", "generation", "version"),
            *("neighbor_ids", "similarities", "is_complete", "hub", "story"),
        ],
        rows,
    )


def _neighbors_row(corpus: Corpus, live: LiveCorpus, document_id: int) -> Neighbors:
    """One document's list as a row, not saved."""
    ids, similarities = live.lists.get(document_id)
    return Neighbors(
        document_id=document_id,
        corpus=corpus,
        generation=live.generation,
        version=corpus.version,
        neighbor_ids=_bytes(ids, "<i8"),
        similarities=_bytes(similarities, "<f4"),
        is_complete=live.lists.is_complete(document_id),
        hub=float(live.lists.hubs([document_id])[0]),
        story=int(live.stories.of(np.array([document_id]))[0]),
    )


def _bytes(array: NDArray[np.generic], dtype: str) -> bytes:
    return array.astype(dtype).tobytes()
