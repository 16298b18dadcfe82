"""Two documents side by side: how similar they are, and why."""

from __future__ import annotations

import logging

from related.domain.corpus.codec import read_counts, read_statistics
from related.models import Corpus, Document, DocumentVector
from related.similarity.index.explaining import OTHER_PAIRS, SharedTerm, shared_terms
from related.similarity.text.terms import TermCounts
from related.similarity.warm_up import EngineUnavailable, warm_up

logger = logging.getLogger(__name__)

N_REASONS = 5


def compare_documents(document: Document, target: Document) -> tuple[float | None, list[str]]:
    """Similarity and the heaviest shared terms; (None, []) where they cannot be compared.

    An editor's decision does not wait for that: either may not be indexed, and this process may
    lack what the similarity engine runs on.
    """
    try:
        warm_up()
        terms = explain_pair(document, target, top=None)
    except EngineUnavailable as error:
        logger.warning("similarity engine cannot start", extra={"reason": str(error)})
        terms = None
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


def explain_text(counts: TermCounts, language: str, target: Document) -> list[SharedTerm]:
    """``explain_pair`` of all terms for a text that is in no corpus, as drafts are."""
    rows = DocumentVector.objects.filter(document=target, corpus__language=language)
    row = rows.select_related("corpus").first()
    if row is None or not target.is_indexed:
        return []
    return shared_terms(counts, read_counts(row), read_statistics(row.corpus), None)
