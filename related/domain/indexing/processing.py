"""Processing waiting documents: a few at a time are claimed, analyzed and stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError

from related.conf import conf
from related.domain.corpus.cache import CorpusCache, corpus_cache
from related.domain.documents.loading import Unreadable, indexed_objects, load_drafts
from related.domain.documents.reading import read_content
from related.domain.indexing import claiming
from related.domain.indexing.drafts import analyze_draft
from related.domain.indexing.result import Result
from related.domain.indexing.results import store_results
from related.domain.leases import at_work, releasing_on_database_error
from related.domain.transactions import has_one_lock
from related.enums import Priority
from related.models import Document
from related.models.documents import DocumentQuerySet
from related.similarity.text.analysis import AnalyzedText
from related.similarity.warm_up import warm_up

STORED_AT_ONCE = 10
FEW_STORED_AT_ONCE = 3  # where every save waits, not only one for the same documents

Store = Callable[[Sequence[Result]], object]


def process(
    *,
    document_ids: Sequence[int] | None = None,
    priority: Priority | None = None,
    limit: int | None = None,
    cache: CorpusCache = corpus_cache,
) -> int:
    """Process one batch of what is claimable; returns how many documents were tried.

    Args:
        document_ids: only these, as far as they are claimable.
        priority: only what was marked with this priority.
        limit: how many at most; ``BATCH_SIZE`` if left out.

    Raises:
        EngineUnavailable: this process cannot compare texts; nothing was claimed.
    """
    rows = Document.objects.all()
    if document_ids is not None:
        rows = rows.filter(pk__in=document_ids)
    if priority is not None:
        rows = rows.filter(priority=priority)
    store = partial(store_batch, cache=cache)
    n_tried, _ = process_rows(rows, store, limit=limit or conf.batch_size, at_once=stored_at_once())
    return n_tried


def process_rows(
    rows: DocumentQuerySet, store: Store, *, limit: int, at_once: int
) -> tuple[int, int]:
    """``process`` for any set of documents, stored by ``store`` in batches of up to ``at_once``.

    Returns how many were tried, and how many of them could not be analyzed.
    """
    claiming.free_dead()
    batches = claiming.choose_batches(rows, limit=limit, at_once=at_once)
    if not batches:
        return 0, 0
    warm_up()  # first: what fails here, or takes seconds, is no document's fault
    n_tried = n_failed = 0
    with at_work() as worker:
        for keys in batches:
            documents = claiming.claim(worker, keys)
            with releasing_on_database_error(documents):
                results = analyze(documents)
                if results:
                    store(results)
            n_tried += len(documents)
            n_failed += len(documents) - len(results)
    return n_tried, n_failed


def analyze(documents: Sequence[Document]) -> list[Result]:
    """Read and analyze claimed documents; those that fail keep their error and are left out.

    The text is read after the revision was, so a result is at least as new as its revision.
    """
    objects = indexed_objects(documents)
    results = []
    for document, obj in zip(documents, objects, strict=True):
        try:
            results.append(_analyze(document, obj))
        except Exception as error:  # noqa: BLE001 - the site's own code ran here
            claiming.record_failure(document, error)
    return results


def stored_at_once() -> int:
    """Documents per transaction: a save or a decision about one of them waits for its end."""
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
        claiming.record_failure(results[0].document, error)
        return 0


def _analyze(document: Document, obj: Any | None) -> Result:
    if isinstance(obj, Unreadable):
        raise obj.error
    if obj is None:
        draft = load_drafts([document]).get(document.pk)
        if draft is not None:
            return analyze_draft(document, draft)
        # Deleted, withdrawn, or never meant for the index.
        return Result(document, None, AnalyzedText.empty())
    content = read_content(document.source, obj)
    return Result(document, content.fields, content.analyze())
