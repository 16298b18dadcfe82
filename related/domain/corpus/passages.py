"""The repeated passages of a corpus, and the passages of its documents, as they are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from related.domain.bulk_rows import CHUNK, chunked
from related.models import Corpus, DocumentVector, RepeatedPassage
from related.similarity.text.passages import Hashes, Passages

# A text has a few hundred passages at most; of more than this, all of the corpus are read.
MANY = 4 * CHUNK


def repeated_passages(language: str, passages: Collection[int]) -> set[int]:
    """Those of some passages that repeat in the corpus of a language."""
    rows = RepeatedPassage.objects.filter(corpus__language=language)
    stored = rows.values_list("passage", flat=True)
    if len(passages) > MANY:
        return set(passages) & set(stored)
    chunks = chunked(sorted(passages))
    return {passage for some in chunks for passage in stored.filter(passage__in=some)}


def add_repeated(corpus: Corpus, passages: Iterable[int]) -> None:
    """Store that passages repeat, in the caller's transaction."""
    rows = [RepeatedPassage(corpus=corpus, passage=passage) for passage in sorted(passages)]
    RepeatedPassage.objects.bulk_create(rows, batch_size=CHUNK // 2, ignore_conflicts=True)


def read_passages(corpus: Corpus, documents: Iterable[int]) -> dict[int, Passages]:
    """The passages and the wording of documents, as far as they are in the corpus.

    Raises:
        ValueError: stored bytes are damaged; the message names the document.
    """
    found: dict[int, Passages] = {}
    rows = DocumentVector.objects.filter(corpus=corpus)
    for some in chunked(sorted(documents)):
        stored = rows.filter(document__in=some).values_list("document", "passages", "wording")
        for key, passages, wording in stored:
            try:
                found[key] = Passages.from_bytes(bytes(passages), bytes(wording), b"")
            except ValueError as error:
                raise ValueError(f"Passages of document {key}: {error}") from None
    return found


def as_hashes(passages: Collection[int]) -> Hashes:
    return np.array(sorted(passages), np.uint32)
