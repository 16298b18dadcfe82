"""Two documents side by side: how similar they are, and why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from related.models import Corpus, CorpusStatistics, Document, DocumentVector
from related.similarity.index.explaining import OTHER_PAIRS, SharedTerm, shared_terms
from related.similarity.index.statistics import CorpusStatistics as Statistics
from related.similarity.text.terms import TermCounts

N_REASONS = 5


def compare_documents(document: Document, target: Document) -> tuple[float | None, list[str]]:
    """Similarity and the heaviest shared terms; (None, []) where either is not indexed."""
    terms = explain_pair(document, target, top=None)
    if terms is None:
        return None, []
    names = [term.term for term in terms if term.term != OTHER_PAIRS]
    return sum(term.contribution for term in terms), names[:N_REASONS]


def explain_pair(
    document: Document, target: Document, *, top: int | None = 20
) -> list[SharedTerm] | None:
    """What each shared term contributes to the similarity, the heaviest first.

    None where the two are in different corpora or one of them is not indexed.
    """
    rows = {
        row.document_id: row
        for row in DocumentVector.objects.filter(
            document__in=[document, target], corpus__language=document.language
        )
    }
    if len(rows) < 2 or not (document.is_indexed and target.is_indexed):
        return None
    corpus = Corpus.objects.get(language=document.language)
    return shared_terms(
        read_counts(rows[document.pk]), read_counts(rows[target.pk]), read_statistics(corpus), top
    )


def read_counts(row: DocumentVector, *, words: bool = True) -> TermCounts:
    """The stored counts of a document; ``words`` names its single-word terms as well.

    Raises:
        ValueError: the stored bytes are damaged; the message says how.
    """
    counts = TermCounts.from_bytes(bytes(row.term_ids), bytes(row.counts))
    return replace(counts, words=tuple(row.words.split("\n"))) if words and row.words else counts


def read_statistics(corpus: Corpus) -> Statistics:
    """The served statistics of a corpus; empty ones before the first rebuild."""
    row = CorpusStatistics.objects.filter(corpus=corpus, generation=corpus.generation).first()
    if row is None:
        return Statistics.from_counts([])
    return Statistics.from_arrays(
        row.n_documents,
        np.frombuffer(row.term_ids, "<u4"),
        np.frombuffer(row.document_frequencies, "<u4"),
    )
