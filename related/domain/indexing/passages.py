"""Noticing, as texts are stored, which of their passages repeat across stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import F

from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.passages import (
    as_hashes,
    change_repeated,
    read_passages,
    repeated_passages,
)
from related.domain.documents.marking import mark_in_background
from related.enums import Priority
from related.models import Corpus, Document, RepeatedPassage
from related.similarity.passages.judging import MIN_STORIES, compared, repeated_among
from related.similarity.text.passages import Hashes, Passages


def known_repeats(corpus: Corpus, texts: Mapping[int, Passages]) -> Hashes:
    """Those passages of new texts that are known to repeat."""
    return as_hashes(repeated_passages(corpus.language, _hashes_of(texts)))


def notice_repeats(
    corpus: Corpus, live: LiveCorpus, texts: Mapping[int, Passages], gone: Sequence[int]
) -> Hashes:
    """The passages of new texts that repeat, now that these texts are here.

    Other documents with a passage that was not known to repeat are marked, to be analyzed again in
    the background. Call it in the transaction that stores the texts.

    Args:
        gone: documents that leave the corpus in this transaction.
    """
    passages = _hashes_of(texts)
    known = passages & _all_repeated(corpus, live)
    having = _documents_with(live, texts, passages - known, {*texts, *gone})
    asked = {passage: compared(keys) for passage, keys in having.items()}
    others = {key for keys in asked.values() for key in keys} - texts.keys()
    stored = read_passages(corpus, others) if others else {}
    found = repeated_among(asked.items(), {**stored, **texts})
    if found:
        change_repeated(corpus, added=found)
        _mark({key for passage in found for key in having[passage]} - texts.keys())
    return as_hashes(known | found)


def _all_repeated(corpus: Corpus, live: LiveCorpus) -> frozenset[int]:
    """Those of a corpus whose row is locked; read anew only where they changed."""
    if live.passages_version != corpus.passages_version:
        stored = RepeatedPassage.objects.filter(corpus=corpus).values_list("passage", flat=True)
        live.repeated = frozenset(stored)
        live.passages_version = corpus.passages_version
    return live.repeated


def _hashes_of(texts: Mapping[int, Passages]) -> set[int]:
    return {passage for text in texts.values() for passage in text.hashes.tolist()}


def _documents_with(
    live: LiveCorpus, texts: Mapping[int, Passages], passages: set[int], replaced: set[int]
) -> dict[int, list[int]]:
    """The documents that may have each passage, where they are enough for it to repeat."""
    new: dict[int, list[int]] = defaultdict(list)
    for key, text in texts.items():
        for passage in text.hashes.tolist():
            new[passage].append(key)
    there = live.passages.documents(as_hashes(passages))
    having = {
        passage: sorted({*there[passage]} - replaced | {*new[passage]}) for passage in passages
    }
    return {passage: keys for passage, keys in having.items() if len(keys) >= MIN_STORIES}


def _mark(documents: set[int]) -> None:
    """What waits already is analyzed anyway, and an attempt that failed is not forgotten."""
    for some in chunked(sorted(documents)):
        rows = Document.objects.indexed().filter(pk__in=some, done_rev=F("want_rev"))
        mark_in_background(rows.values_list("pk", flat=True), Priority.BULK)
