"""Storing what became of waiting documents: vectors, neighbors in both directions, suggestions."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Sequence

from django.db.models import F

from related.domain.attention.states import refresh_around
from related.domain.corpus.cache import CorpusCache, corpus_cache
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.locking import lock_corpora
from related.domain.corpus.storing import store_neighbors, store_vectors
from related.domain.corpus.story_verdicts import retell_live
from related.domain.documents.addresses import numbers, split_keys
from related.domain.documents.reading import STORED_FIELDS, StoredFields
from related.domain.indexing.claiming import names_of
from related.domain.indexing.drafts import (
    known_languages,
    store_draft_fields,
    suggest_for_drafts,
)
from related.domain.indexing.passages import known_repeats, notice_repeats
from related.domain.indexing.result import Result
from related.domain.pages.rows import rewrite_pages
from related.domain.policies.approving import approve_strong
from related.domain.suggesting.rows import refresh_suggestions
from related.domain.transactions import after_commit, announce_changes, background_transaction
from related.models import Corpus, Document, DocumentAddress, DocumentVector, Policy, SectionRule
from related.similarity.text.analysis import AnalyzedText
from related.similarity.text.passages import Hashes, Passages

logger = logging.getLogger(__name__)


Changes = dict[int, AnalyzedText]


def languages_of(results: Sequence[Result]) -> set[str]:
    """The corpora that results enter, those that their documents are in so far, and those that
    drafts are compared with."""
    entered = {r.fields.language for r in results if r.fields is not None and r.is_indexed}
    left = {r.document.language for r in results if r.document.is_indexed}
    return entered | left | known_languages(results)


def store_results(results: Sequence[Result], *, cache: CorpusCache = corpus_cache) -> int:
    """Write vectors, both directions of neighbors, suggestions and revisions in one transaction.

    Returns how many results were stored; the others were overtaken, by an edit or another worker.
    """
    changed: set[int] = set()
    with cache.locked(languages_of(results)) as corpora:
        stored = _still_wanted(results, {corpus.language for corpus, _ in corpora})
        _store_fields(stored)
        for corpus, live in corpora:
            changed |= _store_corpus(corpus, live, stored)
            suggest_for_drafts(corpus, live, stored)
        _finish(stored)
        approve_strong(changed, list(Policy.objects.on().select_related("slot")))
        rewrite_pages(changed | {result.document.pk for result in stored})
        announce_changes(changed)
        after_commit(refresh_around, sorted({*changed, *(r.document.pk for r in stored)}))
    logger.info(
        "documents stored", extra={"n_documents": len(stored), "n_lists_changed": len(changed)}
    )
    _log("document stored", stored)
    return len(stored)


def store_vectors_only(results: Sequence[Result]) -> None:
    """Write fields and vectors, and note with each corpus that it wants a rebuild for the rest.
    Drafts have no vectors: they wait on, to be compared with the corpus that comes of it.

    The note takes over from the documents' own revisions, so what is analyzed stays analyzed when
    the rebuild is killed.
    """
    with background_transaction():
        corpora = lock_corpora(languages_of(results))
        results = _still_wanted(results, corpora)
        _store_fields(results)
        for corpus in corpora.values():
            changes = _changes(corpus, results)
            if changes:
                texts, _ = _texts_and_gone(changes)
                changes = _without(known_repeats(corpus, texts), changes)
                corpus.version += 1
                corpus.wanted_generation = corpus.generation + 1
                corpus.save(update_fields=["version", "wanted_generation"])
                store_vectors(corpus, changes)
        _finish([result for result in results if not result.is_draft])
        _release([result for result in results if result.is_draft])
        rewrite_pages(result.document.pk for result in results)
    _log("document analyzed", results)


def _log(step: str, results: Iterable[Result]) -> None:
    for result in results:
        logger.info(step, extra={**names_of(result.document), "is_indexed": result.is_indexed})


def _still_wanted(results: Sequence[Result], languages: Container[str]) -> list[Result]:
    """Lock the rows; without those that an edit or another worker took over, or that moved to
    another language.

    A row that the site's own transaction holds is left out as well (a newer revision is coming),
    so a worker and an editor's save never deadlock.
    """
    rows = {
        row.pk: row
        for row in Document.objects.select_for_update(skip_locked=True, no_key=True).filter(
            pk__in=[result.document.pk for result in results]
        )
    }
    return [
        result
        for result in results
        if (row := rows.get(result.document.pk)) is not None
        and row.worker_id == result.document.worker_id
        and row.want_rev == result.document.want_rev
        and (not row.is_indexed or row.language in languages)
    ]


def _changes(corpus: Corpus, results: Iterable[Result]) -> Changes:
    """What the results change in one corpus; an empty text stands for a document that leaves it."""
    changes = {}
    stored = set(
        DocumentVector.objects.filter(
            corpus=corpus, document__in=[r.document.pk for r in results]
        ).values_list("document", flat=True)
    )
    for result in results:
        key = result.document.pk
        is_here = result.fields is not None and result.fields.language == corpus.language
        if is_here and result.is_indexed:
            changes[key] = result.text
        elif key in stored and (result.document.is_indexed or not result.is_draft):
            changes[key] = AnalyzedText.empty()
    return changes


def _texts_and_gone(changes: Changes) -> tuple[dict[int, Passages], list[int]]:
    """(the passages of new texts, the documents that leave the corpus)."""
    texts = {key: text.passages for key, text in changes.items() if text.reader is not None}
    return texts, [key for key in changes if key not in texts]


def _without(repeated: Hashes, changes: Changes) -> Changes:
    return {key: text.without(repeated) for key, text in changes.items()}


def _store_corpus(corpus: Corpus, live: LiveCorpus, results: Iterable[Result]) -> set[int]:
    """Apply the results to one corpus in memory and in the database; returns the changed lists."""
    changes = _changes(corpus, results)
    if not changes:
        return set()
    changes = _without(notice_repeats(corpus, live, *_texts_and_gone(changes)), changes)
    changed = live.put(changes)
    changed |= retell_live(live, changes)
    corpus.version += 1
    corpus.n_documents = len(live.index)
    corpus.save(update_fields=["version", "n_documents"])
    live.version = corpus.version
    store_vectors(corpus, changes)
    store_neighbors(corpus, live, changed)
    fresh = {key: text.counts for key, text in changes.items()}
    refresh_suggestions(corpus, live, changed, fresh)
    return changed


def _store_fields(results: Sequence[Result]) -> None:
    """Copy the fields to the Document rows, before suggestions are made from them."""
    store_draft_fields(results)
    indexed, removed = [], []
    for result in results:
        document = result.document
        if result.is_draft:
            continue
        if result.fields is None:
            removed.append(document.pk)
            continue
        if document.address_rule != result.fields.address_rule:
            _forget_keys(document, result.fields)
        for name in STORED_FIELDS:
            setattr(document, name, getattr(result.fields, name))
        document.is_indexed, document.is_draft = True, False
        indexed.append(document)
    # The rows are there: this is the quickest way to give each its own values.
    Document.objects.bulk_create(
        indexed,
        batch_size=100,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*STORED_FIELDS, "is_indexed", "is_draft"],
    )
    rows = Document.objects.filter(pk__in=removed)
    rows.update(is_indexed=False, is_draft=False, text_hash="")
    marked = {document.content_type_id for document in indexed if document.site_marks}
    SectionRule.objects.note_marked(marked)
    DocumentAddress.objects.bulk_create(
        [
            DocumentAddress(document=document, key=key)
            for document in indexed
            for key in numbers(bytes(document.address_keys))
        ],
        ignore_conflicts=True,
    )


def _release(results: Iterable[Result]) -> None:
    """Free for the next try, which is the first."""
    rows = Document.objects.filter(pk__in=[result.document.pk for result in results])
    rows.update(worker_id=None, attempts=0, retry_at=None, error="")


def _forget_keys(document: Document, fields: StoredFields) -> None:
    """What was kept under another rule of keys may be another page's address by now."""
    outdated = {*split_keys(document.address_keys)} - {*split_keys(fields.address_keys)}
    keys = numbers(b"".join(outdated))
    DocumentAddress.objects.filter(document=document, key__in=keys).delete()


def _finish(results: Iterable[Result]) -> None:
    """Only here does a row stop waiting: with its stored result, for the revision just compared."""
    rows = Document.objects.filter(pk__in=[result.document.pk for result in results])
    rows.update(done_rev=F("want_rev"), worker_id=None, attempts=0, retry_at=None, error="")
