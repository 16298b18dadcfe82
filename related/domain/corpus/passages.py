"""The repeated passages of a corpus, and the passages of its documents, as they are stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from related.domain.bulk_rows import CHUNK, ROWS_PER_INSERT, chunked
from related.models import Corpus, DocumentVector, RepeatedPassage
from related.similarity.text.passages import Hashes, Passages


def repeated_passages(language: str, passages: Collection[int]) -> set[int]:
    """Those of some passages that repeat in the corpus of a language."""
    rows = RepeatedPassage.objects.filter(corpus__language=language)
    stored = rows.values_list("passage", flat=True)
    if len(passages) > CHUNK:
        return set(passages) & set(stored)
    return set(stored.filter(passage__in=passages)) if passages else set()


def change_repeated(
    corpus: Corpus, *, added: Iterable[int] = (), removed: Iterable[int] = ()
) -> None:
    """Store that passages repeat, or no longer do, while the corpus' row is locked."""
    rows = RepeatedPassage.objects.filter(corpus=corpus)
    for some in chunked(sorted(removed)):
        rows.filter(passage__in=some).delete()
    RepeatedPassage.objects.bulk_create(
        (RepeatedPassage(corpus=corpus, passage=passage) for passage in sorted(added)),
        batch_size=ROWS_PER_INSERT,
    )
    corpus.passages_version += 1
    corpus.save(update_fields=["passages_version"])


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
