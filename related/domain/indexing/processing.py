"""Working off waiting documents: what is due is claimed, analyzed and stored, a few at a time."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db import InterfaceError, OperationalError

from related.conf import conf
from related.domain.bulk_rows import chunked
from related.domain.corpus.cache import CorpusCache, corpus_cache
from related.domain.documents.loading import Unreadable, indexed_objects
from related.domain.documents.reading import read_content
from related.domain.indexing.claiming import (
    Claim,
    claim_batches,
    given_back,
    hand_back,
    record_failure,
)
from related.domain.indexing.results import Result, languages_of, store_results, store_vectors_only
from related.domain.transactions import has_one_lock
from related.enums import Priority
from related.models import Document
from related.similarity.text.terms import TermCounts

logger = logging.getLogger(__name__)

STORED_AT_ONCE = 10
FEW_STORED_AT_ONCE = 3  # where every save waits, not only one for the same documents


def process(
    *,
    document_ids: Sequence[int] | None = None,
    priority: Priority | None = None,
    limit: int | None = None,
    cache: CorpusCache = corpus_cache,
) -> int:
    """Work off one batch of what is due; returns how many documents were tried.

    Args:
        document_ids: only these, as far as they are due.
        priority: only what was marked with this priority.
        limit: how many at most; ``BATCH_SIZE`` if left out.
    """
    due = Document.objects.due()
    if document_ids is not None:
        due = due.filter(pk__in=document_ids)
    if priority is not None:
        due = due.filter(priority=priority)
    n_tried = 0
    for claims in claim_batches(limit or conf.batch_size, due):
        n_tried += len(claims)
        work_off(claims, cache=cache)
    return n_tried


def work_off(
    claims: Sequence[Claim], *, cache: CorpusCache = corpus_cache, is_readable: bool = True
) -> int:
    """Analyze and store claimed documents, a few at a time; returns how many could not be read.

    Nothing is held while a large corpus is read: that may take longer than a lease, and a worker
    that has the corpus at hand can take the documents meanwhile.

    Args:
        is_readable: False where a corpus could not be read; storing says why.
    """
    n_failed = 0
    with given_back(claims):
        for some in chunked(claims, stored_at_once()):
            results = analyze(some)
            n_failed += len(some) - len(results)
            languages = languages_of(results)
            if is_readable and cache.must_read(languages):
                keys = hand_back(claims)
                is_readable = _read(languages, cache)
                again = Document.objects.due().filter(pk__in=keys)
                return n_failed + sum(
                    work_off(claimed, cache=cache, is_readable=is_readable)
                    for claimed in claim_batches(len(keys), again)
                )
            if results:
                store_batch(results, cache=cache)
    return n_failed


def _read(languages: set[str], cache: CorpusCache) -> bool:
    """Have corpora at hand; False where that fails, but not because of the database."""
    try:
        cache.prepare(languages)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("corpora not read", extra={"languages": sorted(languages)})
        return False
    return True


def work_off_vectors(claims: Sequence[Claim]) -> int:
    """``work_off`` for a rebuild, which does the rest: see ``store_vectors_only``."""
    with given_back(claims):
        results = analyze(claims)
        if results:
            store_vectors_only(results)
    return len(claims) - len(results)


def analyze(claims: Sequence[Claim]) -> list[Result]:
    """Read and analyze claimed documents; those that fail keep their error and are left out.

    The text is read after the revision was, so a result is at least as new as its revision.
    """
    objects = indexed_objects([claim.document for claim in claims])
    results = []
    for claim, obj in zip(claims, objects, strict=True):
        try:
            results.append(_analyze(claim, obj))
        except Exception as error:  # noqa: BLE001 - the site's own code ran here
            record_failure(claim, error)
    return results


def stored_at_once() -> int:
    """Documents per transaction: whoever saves or decides for one of them waits for its end."""
    return FEW_STORED_AT_ONCE if has_one_lock() else STORED_AT_ONCE


def store_batch(results: Sequence[Result], *, cache: CorpusCache = corpus_cache) -> int:
    """Store a batch; when it cannot be stored as a whole, store each alone."""
    try:
        return store_results(results, cache=cache)
    except (OperationalError, InterfaceError):  # the database, not the documents
        raise
    except Exception as error:  # noqa: BLE001 - kept with the document, for editors to see
        if len(results) > 1:
            return sum(store_batch([result], cache=cache) for result in results)
        record_failure(results[0].claim, error)
        return 0


def _analyze(claim: Claim, obj: Any | None) -> Result:
    if isinstance(obj, Unreadable):
        raise obj.error
    if obj is None:  # deleted, withdrawn, or never meant for the index
        return Result(claim, None, TermCounts.empty())
    content = read_content(claim.document.source, obj)
    return Result(claim, content.fields, content.count_terms())
