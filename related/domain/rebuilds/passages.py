"""The nightly look at all passages of a corpus: which repeat now, and which texts show it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from related.domain.bulk_rows import chunked, read_rows
from related.domain.corpus.locking import lock_corpora
from related.domain.corpus.passages import change_repeated, read_passages
from related.domain.documents.marking import mark_in_background
from related.domain.rebuilds.blocks import completing, corpus_of
from related.domain.transactions import background_transaction
from related.enums import Priority
from related.models import Corpus, Document, DocumentVector, RebuildBlock, RepeatedPassage
from related.similarity.passages.judging import groups_in, repeated_among
from related.similarity.text.passages import hashes_from_bytes

# Passages judged at a time: the texts that have them lie in memory.
JUDGED_AT_ONCE = 2000

# (document << 32 | passage), sorted.
Pairs = NDArray[np.uint64]


def run_passages(block: RebuildBlock) -> None:
    """Find anew what repeats, and mark the texts that were analyzed by something else.

    What repeats is stored first, then the texts are marked in short transactions: doing this again
    after a crash comes to the same.
    """
    corpus = corpus_of(block)
    outdated = _refresh(corpus)
    for some in chunked(outdated):
        rows = Document.objects.indexed().filter(pk__in=some, done_rev=F("want_rev"))
        mark_in_background(rows.values_list("pk", flat=True), Priority.BULK)
    with completing(block) as counts:
        counts["n_outdated"] = len(outdated)


def _refresh(corpus: Corpus) -> list[int]:
    """Store what repeats now; returns the documents whose stored text shows something else."""
    vectors = DocumentVector.objects.filter(corpus=corpus)
    version = Corpus.objects.values_list("version", flat=True).get(pk=corpus.pk)
    passages, omitted = _read(read_rows(vectors.filter(version__lte=version), _FIELDS))
    found = _judge(corpus, passages)
    with background_transaction():
        corpus = lock_corpora([corpus.language])[corpus.language]
        newer, newer_omitted = _read(read_rows(vectors.filter(version__gt=version), _FIELDS))
        rows = RepeatedPassage.objects.filter(corpus=corpus)
        stored = set(rows.values_list("passage", flat=True))
        # What came meanwhile was judged as it came.
        repeated = found | (stored & set(_passages_of(newer).tolist()))
        if repeated != stored:
            change_repeated(corpus, added=repeated - stored, removed=stored - repeated)
    passages, omitted = np.union1d(passages, newer), np.union1d(omitted, newer_omitted)
    wanted = passages[np.isin(_passages_of(passages), np.array(sorted(repeated), np.uint32))]
    differing = np.setxor1d(wanted, omitted, assume_unique=True)
    keys: list[int] = np.unique(differing >> np.uint64(32)).tolist()
    return keys


_FIELDS = ["document", "passages", "omitted"]


def _read(rows: Iterable[tuple[int, bytes, bytes]]) -> tuple[Pairs, Pairs]:
    """(all passages, those that count for nothing) with their documents."""
    found: list[list[Pairs]] = [[np.empty(0, np.uint64)], [np.empty(0, np.uint64)]]
    for key, *parts in rows:
        for pairs, part in zip(found, parts, strict=True):
            if part:
                pairs.append(np.uint64(key << 32) | hashes_from_bytes(part).astype(np.uint64))
    passages, omitted = (np.unique(np.concatenate(pairs)) for pairs in found)
    return passages, omitted


def _passages_of(pairs: Pairs) -> NDArray[np.uint32]:
    return (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def _judge(corpus: Corpus, pairs: Pairs) -> set[int]:
    """The passages that repeat."""
    found: set[int] = set()
    keys = (pairs >> np.uint64(32)).astype(np.int64)
    groups = sorted(groups_in(_passages_of(pairs), keys), key=lambda group: group[1])
    for some in chunked(groups, JUDGED_AT_ONCE):
        texts = read_passages(corpus, {key for _, keys in some for key in keys})
        found |= repeated_among(some, texts)
    return found
