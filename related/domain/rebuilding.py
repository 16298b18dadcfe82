"""Full rebuild: fresh statistics and, beside the served set, a new generation of everything."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from related.conf import conf
from related.domain import indexing, runs
from related.domain.analyzing import read_content
from related.domain.commits import after_commit, announce_changes
from related.domain.comparing import read_counts
from related.domain.corpora import LiveCorpus, adopt, lock_corpora, memory
from related.domain.documents import chunked, load_objects, mark_in_background, reconcile_rows
from related.domain.storing import neighbors_row, store_neighbors, store_statistics
from related.domain.suggesting import refresh_suggestions
from related.enums import Priority, RunStatus
from related.models import (
    Corpus,
    CorpusStatistics,
    Document,
    DocumentVector,
    Neighbors,
    RebuildRun,
    Suggestion,
)
from related.models.documents import DocumentQuerySet
from related.similarity.statistics import CorpusStatistics as Statistics
from related.similarity.terms import TermCounts

logger = logging.getLogger(__name__)

BLOCK = 500
# Fewer waiting documents than this are worked off one by one, however small the corpus.
MIN_BACKLOG = 200
PAUSE_AFTER_FAILURE = timedelta(minutes=1)

Between = Callable[[], int]


def rebuild(
    progress: runs.Progress | None = None,
    *,
    between: Between = lambda: 0,
    only_due: bool = False,
) -> RebuildRun:
    """Rebuild every corpus; the old set is served until the new one is switched in.

    Args:
        progress: told about every step.
        between: called between blocks, for example to work off fresh publishes; returns how many
            it worked off.
        only_due: skip the comparison with the site's own rows, and corpora that need no refresh.

    Raises:
        RebuildRunning: another rebuild is at work.
    """
    run = runs.start_run()
    report = runs.Reporter(run, progress)
    try:
        while between():
            report("fresh publishes", 0, 0)
        if not only_due:
            run.counts |= _reconcile(report, between)
        run.counts["n_failed"] = _analyze_backlog(report, between)
        languages = [c.language for c in Corpus.objects.order_by("language") if wants_rebuild(c)]
        if not only_due:
            languages = sorted(Corpus.objects.values_list("language", flat=True))
        run.counts |= {"n_corpora": len(languages), "n_documents": 0}
        for language in languages:
            run.counts["n_documents"] += _rebuild_corpus(language, report, between)
    except KeyboardInterrupt:
        runs.finish_run(run, RunStatus.STOPPED)
        raise
    except BaseException as error:
        runs.finish_run(run, RunStatus.FAILED, error=f"{type(error).__name__}: {error}")
        raise
    runs.finish_run(run, RunStatus.FINISHED)
    logger.info("rebuild finished", extra={"run": run.pk, **run.counts})
    return run


def rebuild_if_free(*, between: Between = lambda: 0, only_due: bool = False) -> bool:
    """Rebuild unless another rebuild is at work; returns whether it ran."""
    try:
        rebuild(between=between, only_due=only_due)
    except runs.RebuildRunning as error:
        logger.info("rebuild skipped", extra={"reason": str(error)})
        return False
    return True


def process_once(*, between: Between = lambda: 0) -> int:
    """One step of a worker: a refresh where one is due, else a batch; returns how many it tried."""
    if is_due() and rebuild_if_free(between=between, only_due=True):
        return 1
    return indexing.process()


def process_publishes() -> int:
    """For ``between`` in a process that works alone: fresh publishes do not wait for a rebuild."""
    return indexing.process(priority=Priority.PUBLISH)


def is_due() -> bool:
    """Whether statistics are out of date, or so much is waiting that a rebuild is quicker."""
    latest = RebuildRun.objects.first()
    if latest is not None:
        if latest.status == RunStatus.RUNNING:
            if timezone.now() - latest.heartbeat_at < runs.SILENCE:
                return False
        elif (
            latest.status == RunStatus.FAILED
            and latest.finished_at is not None
            and timezone.now() - latest.finished_at < PAUSE_AFTER_FAILURE
        ):
            return False
    corpora = list(Corpus.objects.all())
    n_documents = sum(corpus.n_documents for corpus in corpora)
    if _backlog().count() > max(MIN_BACKLOG, n_documents / 2):
        return True
    return any(wants_rebuild(corpus) for corpus in corpora)


def wants_rebuild(corpus: Corpus) -> bool:
    """Whether vectors wait for their neighbors, or the corpus outgrew its statistics."""
    if corpus.wanted_generation > corpus.generation:
        return True
    n_then = (
        CorpusStatistics.objects.filter(corpus=corpus, generation=corpus.generation)
        .values_list("n_documents", flat=True)
        .first()
    ) or 0
    return abs(corpus.n_documents - n_then) > conf.refresh_drift * n_then


def _backlog() -> DocumentQuerySet:
    """What waits behind the publishes; those never wait for a rebuild."""
    return Document.objects.due().filter(priority=Priority.BULK)


def _reconcile(report: runs.Reporter, between: Between) -> dict[str, int]:
    """Mark what changed behind our back: new and missing objects, texts and facts, by hash."""
    n_created, n_gone = reconcile_rows()
    n_changed = n_seen = 0
    keys = list(Document.objects.indexed().order_by("pk").values_list("pk", flat=True))
    for chunk in chunked(keys, BLOCK):
        documents = Document.objects.filter(pk__in=chunk).select_related("content_type")
        objects = load_objects(documents, public=False)
        changed = [
            document.pk
            for document in documents
            if document.pk in objects and _differs(document, objects[document.pk])
        ]
        mark_in_background(changed, Priority.BULK)
        n_changed += len(changed)
        n_seen += len(chunk)
        report("comparing texts", n_seen, len(keys))
        between()
    return {"n_created": n_created, "n_gone": n_gone, "n_changed": n_changed}


def _differs(document: Document, obj: object) -> bool:
    try:
        facts = read_content(document.source, obj).facts
    except Exception:  # noqa: BLE001 - the site's own code; the analysis records its error
        return True
    return any(getattr(document, name) != getattr(facts, name) for name in indexing.FACT_FIELDS)


def _analyze_backlog(report: runs.Reporter, between: Between) -> int:
    """Analyze what waits in bulk and store its vectors; returns how many documents failed."""
    n_waiting = _backlog().count()
    n_seen = n_failed = 0
    n_before = -1
    while n_seen > n_before:
        n_before = n_seen
        for claims in indexing.claim_batches(BLOCK, _backlog()):
            results = indexing.analyze(claims)
            n_failed += len(claims) - len(results)
            if results:
                indexing.store_vectors_only(results)
            n_seen += len(claims)
            report("analyzing texts", n_seen, max(n_waiting, n_seen))
            between()
    return n_failed


def _rebuild_corpus(language: str, report: runs.Reporter, between: Between) -> int:
    """Build the next generation of one corpus from its stored vectors and switch it in.

    Returns how many documents it holds.
    """
    with transaction.atomic():
        corpus = lock_corpora([language])[language]
    generation = corpus.generation + 1
    _discard(corpus, newer_than=corpus.generation)  # what a killed rebuild left

    live, keys = _load(corpus, generation)
    for n_done, chunk in _blocks(keys):
        live.search_all(chunk)
        report(f"finding neighbors ({language or 'no language'})", n_done, len(keys))
        between()
    for n_done, chunk in _blocks(keys):
        with transaction.atomic():
            Neighbors.objects.bulk_create([neighbors_row(corpus, live, key) for key in chunk])
            refresh_suggestions(corpus, live, chunk)
        report(f"writing suggestions ({language or 'no language'})", n_done, len(keys))
        between()
    n_documents = _switch(language, live)
    _discard(corpus, older_than=generation)
    return n_documents


def _load(corpus: Corpus, generation: int) -> tuple[LiveCorpus, list[int]]:
    """An empty-listed copy of a corpus with fresh statistics, and the documents in it."""
    rows = DocumentVector.objects.filter(corpus=corpus, version__lte=corpus.version)
    keys: list[int] = []
    counts: list[TermCounts] = []
    for row in rows.order_by("document").iterator(chunk_size=2000):
        if len(row.term_ids):
            keys.append(row.document_id)
            counts.append(read_counts(row, words=False))
    live = LiveCorpus(corpus.token, generation, Statistics.from_counts(counts))
    live.index.put(keys, counts)
    live.version = corpus.version
    return live, keys


def _switch(language: str, live: LiveCorpus) -> int:
    """Catch up with what was stored meanwhile, then serve the new generation; one transaction."""
    with memory, transaction.atomic():
        corpus = lock_corpora([language])[language]
        changes = {
            row.document_id: read_counts(row)
            for row in DocumentVector.objects.filter(corpus=corpus, version__gt=live.version)
        }
        changed = live.put(changes)
        corpus.version += 1
        corpus.generation = live.generation
        corpus.n_documents = len(live.index)
        live.version = corpus.version
        store_neighbors(corpus, live, changed)
        refresh_suggestions(corpus, live, changed, fresh=changes)
        store_statistics(corpus, live)
        corpus.save(update_fields=["version", "generation", "n_documents"])
        after_commit(adopt, corpus, live)
        announce_changes(live.index.keys().tolist())
    return corpus.n_documents


def _discard(
    corpus: Corpus, *, older_than: int | None = None, newer_than: int | None = None
) -> None:
    """Delete generations that nobody reads, in blocks so that no transaction grows long."""
    for model in (Suggestion, Neighbors, CorpusStatistics):
        rows = model.objects.filter(corpus=corpus)
        if older_than is not None:
            rows = rows.filter(generation__lt=older_than)
        if newer_than is not None:
            rows = rows.filter(generation__gt=newer_than)
        while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BLOCK]):
            model.objects.filter(pk__in=keys).delete()


def _blocks(keys: list[int]) -> Iterable[tuple[int, list[int]]]:
    """(how many are done with this block, the block)."""
    for start in range(0, len(keys), BLOCK):
        chunk = keys[start : start + BLOCK]
        yield start + len(chunk), chunk
