"""How a generation that was built beside the served one comes into its place."""

from __future__ import annotations

import logging

from django.db.models import QuerySet

from related.domain.attention.states import mark_due
from related.domain.bulk_rows import chunked
from related.domain.corpus.cache import CorpusCache, corpus_cache
from related.domain.corpus.codec import read_text
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.locking import lock_corpora
from related.domain.corpus.storing import store_neighbors
from related.domain.corpus.story_verdicts import retell_live
from related.domain.documents.marking import mark_drafts
from related.domain.indexing import processing
from related.domain.pages.rows import AT_ONCE, rewrite_pages
from related.domain.policies.archive import go_through_again
from related.domain.rebuilds import workspace
from related.domain.rebuilds.blocks import BlockLost, completing, corpus_of
from related.domain.suggesting.rows import refresh_suggestions
from related.domain.transactions import after_commit, announce_changes, background_transaction
from related.models import (
    Corpus,
    CorpusStatistics,
    Document,
    DocumentVector,
    Neighbors,
    RebuildBlock,
    Slot,
    Suggestion,
)
from related.similarity.lists.titles import fill_titles
from related.similarity.text.analysis import AnalyzedText

logger = logging.getLogger(__name__)

# Rows of a generation that nobody reads, deleted at a time so that no transaction grows long.
DELETED_AT_ONCE = 2000
# So much is left to the switch itself, and more only while publishes come as quickly as they are
# taken over.
FEW_LEFT = 10
CATCH_UP_ROUNDS = 10


def run_switch(block: RebuildBlock, *, cache: CorpusCache = corpus_cache) -> None:
    """Catch up with what was stored meanwhile, then serve the new generation."""
    corpus = corpus_of(block)
    live = workspace.held(corpus, block.generation)
    workspace.read_all_lists(corpus, live)
    fill_titles(live.index, live.lists)  # while nobody waits; publishes compare what is new
    try:
        _catch_up(block, corpus, live)
        with cache.lock, completing(block) as counts:
            corpus = lock_corpora([corpus.language])[corpus.language]
            counts["n_documents"] = _serve(corpus, live)
            after_commit(cache.adopt, corpus, live)
    finally:
        workspace.clear()
    logger.info(
        "generation switched",
        extra={"corpus": str(corpus), "generation": block.generation, "version": corpus.version},
    )
    _rewrite_pages(corpus)
    discard(corpus, older_than=block.generation)


def _catch_up(block: RebuildBlock, corpus: Corpus, live: LiveCorpus) -> None:
    """Take over most of what was stored meanwhile, a few documents at a time.

    Publishes, and on SQLite every save, would wait for all of it otherwise. Nobody reads the
    generation yet, and doing this again after a crash comes to the same.
    """
    for _ in range(CATCH_UP_ROUNDS):
        corpus.refresh_from_db(fields=["version"])
        rows = DocumentVector.objects.filter(**live.since(corpus))
        changed = list(rows.order_by("document").values_list("document", flat=True))
        if len(changed) <= FEW_LEFT:
            return
        for keys in chunked(changed, processing.stored_at_once()):
            with background_transaction():
                if not block.mine().select_for_update(no_key=True):  # held until the commit
                    raise BlockLost(f"{block}: taken by another worker")
                # What is newer than this round comes again with the next.
                stored = DocumentVector.objects.filter(corpus=corpus, document__in=keys)
                _take_over(corpus, live, _texts(stored))
        live.version = corpus.version


def _serve(corpus: Corpus, live: LiveCorpus) -> int:
    """The rest, and the switch; in the transaction that holds the corpus row's lock."""
    changes = _texts(DocumentVector.objects.filter(**live.since(corpus)))
    corpus.version += 1
    served, corpus.generation = corpus.generation, live.generation
    _take_over(corpus, live, changes)
    _keep_drafts(corpus, served)
    corpus.n_documents = len(live.index)
    live.version = corpus.version
    corpus.save(update_fields=["version", "generation", "n_documents"])
    announce_changes(live.index.keys().tolist())
    go_through_again()
    after_commit(mark_due)
    return corpus.n_documents


def _texts(rows: QuerySet[DocumentVector]) -> dict[int, AnalyzedText]:
    return {row.document_id: read_text(row) for row in rows}


def _take_over(corpus: Corpus, live: LiveCorpus, changes: dict[int, AnalyzedText]) -> None:
    changed = live.put(changes)
    changed |= retell_live(live, changes)
    store_neighbors(corpus, live, changed)
    fresh = {key: text.counts for key, text in changes.items()}
    refresh_suggestions(corpus, live, changed, fresh)


def _keep_drafts(corpus: Corpus, served: int) -> None:
    """What was found for drafts stays until they have been compared with the new generation."""
    rows = Suggestion.objects.filter(corpus=corpus, document__in=Document.objects.drafts())
    rows.filter(generation=corpus.generation).delete()
    rows.filter(generation=served).update(generation=corpus.generation)
    mark_drafts(corpus.language)


def _rewrite_pages(corpus: Corpus) -> None:
    """Bring the rows of pages up to the new generation; those that hold no suggestions are.

    Until then, pages are read from the suggestions themselves.
    """
    if Slot.objects.active().by_similarity().filter(requires_approval=False).exists():
        rows = DocumentVector.objects.filter(corpus=corpus).order_by("document")
        for keys in chunked(list(rows.values_list("document", flat=True)), AT_ONCE):
            with background_transaction():
                rewrite_pages(keys)


def discard(
    corpus: Corpus, *, older_than: int | None = None, newer_than: int | None = None
) -> None:
    """Delete generations that nobody reads."""
    for model in (Suggestion, Neighbors, CorpusStatistics):
        rows = model.objects.filter(corpus=corpus)
        if older_than is not None:
            rows = rows.filter(generation__lt=older_than)
        if newer_than is not None:
            rows = rows.filter(generation__gt=newer_than)
        while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:DELETED_AT_ONCE]):
            with background_transaction():
                rows.filter(pk__range=(keys[0], keys[-1])).delete()
