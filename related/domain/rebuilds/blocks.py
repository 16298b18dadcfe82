"""How a rebuild is cut into blocks, and who opens which: the database is the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Now

from related.conf import conf
from related.domain.bulk_rows import chunked
from related.domain.transactions import background_transaction
from related.enums import Phase, Priority, RunStatus
from related.models import (
    Corpus,
    CorpusStatistics,
    Document,
    DocumentVector,
    RebuildBlock,
    RebuildRun,
)
from related.models.documents import DocumentQuerySet
from related.models.runs import RebuildBlockQuerySet

# Documents per block, by phase: some seconds of work, so that little is lost with a worker.
SIZES: dict[str, int] = {
    Phase.DETECT_CHANGES: 500,
    Phase.ANALYZE: 250,
    Phase.SEARCH: 1000,
    Phase.RESCORE: 4000,
    Phase.SUGGEST: 500,
}
# Up to this share of the indexed documents, what waits in bulk is processed one by one, and the
# corpus needs no search from scratch.
FEW = 0.02
# Statistics that know less than this share of a corpus gave its lists too poor an order.
KNOWN = 0.3
# Searched from scratch every time: quicker than it is to explain.
SMALL = 1000


# Of a corpus: the phase that one worker does alone, after which.
_WHOLE_AFTER = {
    Phase.PASSAGES: Phase.STATISTICS,
    Phase.ANALYZE: Phase.STATISTICS,
    Phase.SEARCH: Phase.LEARN,
    Phase.RESCORE: Phase.LEARN,
    Phase.SUGGEST: Phase.SWITCH,
}


class BlockLost(Exception):
    """This worker was taken for dead and lost the block, or the run was replaced by another."""


def backlog() -> DocumentQuerySet:
    """What waits behind the publishes; those never wait for a rebuild, and drafts have no part
    in it."""
    return Document.objects.claimable().filter(priority=Priority.BULK, is_draft=False)


@contextmanager
def completing(block: RebuildBlock) -> Iterator[dict[str, int]]:
    """One transaction for what a block writes, for its completion and for what follows from it.

    Yields counts to be added to those of the run. The worker that completes the last block
    of a phase opens the next phase, or closes the run.

    Raises:
        BlockLost: somebody else has the block; nothing is written.
    """
    with background_transaction():
        if not block.mine().update(done_at=Now(), worker_id=None):
            raise BlockLost(f"{block}: taken by another worker")
        counts: dict[str, int] = {}
        yield counts
        # Last blocks that are completed at the same time take turns from here on.
        run = RebuildRun.objects.select_for_update(no_key=True).get(pk=block.run_id)
        for name, n in counts.items():
            run.counts[name] = run.counts.get(name, 0) + n
        run.phase = f"{block.phase} {block.corpus.language}" if block.corpus else block.phase
        run.n_done, run.n_documents = progress_of(block)
        run.progressed_at = Now()
        if not _siblings(block).open().exists():
            open_after(run, Phase(block.phase), block.corpus)
        run.save(update_fields=["counts", "phase", "n_done", "n_documents", "progressed_at"])
        _close_when_done(run)


def open_first(run: RebuildRun) -> None:
    """Open the first blocks of a new run; a run without any work is closed at once."""
    with transaction.atomic():
        if run.options["only_due"]:
            open_after(run, Phase.DETECT_CHANGES, None)
        else:
            keys = Document.objects.indexed().order_by("pk").values_list("pk", flat=True)
            _open(run, Phase.DETECT_CHANGES, list(keys))
            if not run.blocks.exists():
                open_after(run, Phase.DETECT_CHANGES, None)
        run.save(update_fields=["counts"])
        _close_when_done(run)


def open_after(run: RebuildRun, phase: Phase, corpus: Corpus | None) -> None:
    """Open the phase that comes after a finished one; call while holding the run's row.

    A phase without documents is passed over.
    """
    if corpus is None:
        if phase != Phase.DETECT_CHANGES or not _open_analysis(run):
            _open_corpora(run)
        return
    if phase in _WHOLE_AFTER:
        if phase != Phase.PASSAGES or not _open_analysis(run, corpus):
            _open_whole(run, _WHOLE_AFTER[phase], corpus)
        return
    if phase == Phase.STATISTICS:
        is_cold = run.options["cold"] or needs_search(corpus, run.options.get("small", SMALL))
        phase = Phase.SEARCH if is_cold else Phase.RESCORE
    elif phase == Phase.LEARN:
        phase = Phase.SUGGEST
    else:
        return
    keys = _keys_of(corpus)
    if keys:
        _open(run, phase, keys, corpus)
    else:
        _open_whole(run, Phase.SWITCH, corpus)


def _open_analysis(run: RebuildRun, corpus: Corpus | None = None) -> bool:
    """Open the analysis of what waits in bulk, of one corpus or all; False where nothing does."""
    waiting, indexed = backlog(), Document.objects.indexed()
    if corpus is not None:
        waiting = waiting.filter(language=corpus.language)
        indexed = indexed.filter(language=corpus.language)
    keys = sorted(waiting.values_list("pk", flat=True))
    run.counts[is_small_count(corpus)] = int(len(keys) <= FEW * indexed.count())
    _open(run, Phase.ANALYZE, keys, corpus)
    return bool(keys)


def is_small_count(corpus: Corpus | None) -> str:
    """Under which of a run's counts it stands whether a backlog is processed one by one."""
    return "is_backlog_small" if corpus is None else f"is_backlog_small {corpus.pk}"


def _open_corpora(run: RebuildRun) -> None:
    for corpus in Corpus.objects.order_by("language"):
        if not run.options["only_due"] or wants_rebuild(corpus):
            run.counts["n_corpora"] = run.counts.get("n_corpora", 0) + 1
            _open_whole(run, Phase.PASSAGES, corpus)


def wants_rebuild(corpus: Corpus) -> bool:
    """Whether vectors wait for their neighbors, or the corpus outgrew its statistics."""
    if corpus.wanted_generation > corpus.generation:
        return True
    n_then = _n_counted(corpus)
    return abs(corpus.n_documents - n_then) > conf.refresh_drift * n_then


def needs_search(corpus: Corpus, small: int) -> bool:
    """Whether stored lists will not do: some are missing, or were made with poor statistics."""
    return (
        corpus.wanted_generation > corpus.generation
        or corpus.n_documents < small
        or _n_counted(corpus) < KNOWN * corpus.n_documents
    )


def progress_of(block: RebuildBlock) -> tuple[int, int]:
    """(documents done, documents in all) of the block's phase, over all workers."""
    sums = _siblings(block).aggregate(
        done=Sum("n_documents", filter=Q(done_at__isnull=False)), total=Sum("n_documents")
    )
    return sums["done"] or 0, sums["total"] or 0


def vectors_of(corpus: Corpus, version: int) -> QuerySet[DocumentVector]:
    """The vectors of a corpus stored up to a version, in the order of documents."""
    rows = DocumentVector.objects.filter(corpus=corpus, version__lte=version)
    return rows.order_by("document")


def corpus_of(block: RebuildBlock) -> Corpus:
    assert block.corpus is not None, f"{block} belongs to no corpus"
    return block.corpus


def _siblings(block: RebuildBlock) -> RebuildBlockQuerySet:
    return RebuildBlock.objects.filter(run=block.run_id, corpus=block.corpus_id, phase=block.phase)


def _keys_of(corpus: Corpus) -> list[int]:
    rows = CorpusStatistics.objects.filter(corpus=corpus, generation=corpus.generation + 1)
    version = rows.values_list("version", flat=True).get()
    return list(vectors_of(corpus, version).values_list("document", flat=True))


def _n_counted(corpus: Corpus) -> int:
    rows = CorpusStatistics.objects.filter(corpus=corpus, generation=corpus.generation)
    return rows.values_list("n_documents", flat=True).first() or 0


def _open(run: RebuildRun, phase: Phase, keys: Sequence[int], corpus: Corpus | None = None) -> None:
    size = run.options.get("sizes", SIZES)[phase]
    RebuildBlock.objects.bulk_create(
        RebuildBlock(
            run=run,
            corpus=corpus,
            generation=corpus.generation + 1 if corpus else 0,
            phase=phase,
            first=chunk[0],
            last=chunk[-1],
            n_documents=len(chunk),
        )
        for chunk in chunked(keys, size)
    )


def _open_whole(run: RebuildRun, phase: Phase, corpus: Corpus) -> None:
    """A phase that one worker does alone."""
    RebuildBlock.objects.create(
        run=run,
        corpus=corpus,
        generation=corpus.generation + 1,
        phase=phase,
        first=0,
        last=0,
        n_documents=max(corpus.n_documents, 1),
    )


def _close_when_done(run: RebuildRun) -> None:
    if run.blocks.open().exists():
        return
    RebuildRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(
        status=RunStatus.FINISHED, finished_at=Now()
    )
