"""Why a target is suggested: the heaviest shared words of each pair, as editors read them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from django.db.models import TextField
from django.db.models.functions import Cast

from related.domain.bulk_rows import chunked
from related.domain.corpus.codec import read_counts
from related.domain.corpus.explaining import N_REASONS
from related.domain.corpus.live import LiveCorpus
from related.models import Corpus, DocumentVector, Suggestion
from related.similarity.index.explaining import Explainer
from related.similarity.index.query import Query
from related.similarity.text.terms import TermCounts

Pair = tuple[int, int]
Reasons = dict[Pair, list[str]]  # (document, target) -> words

ANCHORS_AT_ONCE = 20  # the words of a long text take up to a megabyte


def explain_pairs(
    corpus: Corpus, live: LiveCorpus, pairs: set[Pair], fresh: Mapping[int, TermCounts]
) -> Reasons:
    """The reasons of each pair. The words of one side suffice to name what it shares.

    Args:
        fresh: counts just made, whose words need not be read from the database.
    """
    by_anchor: dict[int, list[Pair]] = defaultdict(list)  # by the side whose words are used
    for a, b in sorted(pairs):
        by_anchor[b if b in fresh and a not in fresh else a].append((a, b))
    reasons: Reasons = {}
    for chunk in chunked(sorted(by_anchor), ANCHORS_AT_ONCE):
        for anchor, counts in _named(corpus, chunk, fresh):
            own = by_anchor[anchor]
            found = _explain(live, counts, [b if a == anchor else a for a, b in own])
            reasons |= zip(own, found, strict=True)
    return reasons


def _named(
    corpus: Corpus, keys: Sequence[int], fresh: Mapping[int, TermCounts]
) -> Iterator[tuple[int, TermCounts]]:
    """(document, its counts with their words); those of one at a time are taken apart."""
    yield from ((key, fresh[key]) for key in keys if key in fresh)
    missing = [key for key in keys if key not in fresh]
    for row in DocumentVector.objects.filter(corpus=corpus, document__in=missing):
        yield row.document_id, read_counts(row)


def stored_reasons(corpus: Corpus, generation: int, document_ids: Sequence[int]) -> Reasons:
    """The reasons that stand with the suggestions of these documents in a generation."""
    suggestions = Suggestion.objects.filter(corpus=corpus, generation=generation)
    read = cache(json.loads)  # a pair has the same in each slot
    return {
        (document_id, target_id): read(text)
        for chunk in chunked(document_ids)
        for document_id, target_id, text in suggestions.filter(document__in=chunk).values_list(
            "document", "target", Cast("reasons", TextField())
        )
    }


def _explain(live: LiveCorpus, counts: TermCounts, others: Sequence[int]) -> list[list[str]]:
    vectorizer = live.index.vectorizer
    explainer = Explainer(counts, vectorizer)
    contributions = live.index.contributions(Query.of(counts, vectorizer), others)
    return [explainer.heaviest(row, N_REASONS) for row in contributions]
