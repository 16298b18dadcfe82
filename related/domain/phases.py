"""What a worker does with a block of a rebuild, phase by phase."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db.models import F

from related.domain import building, claiming, indexing
from related.domain.analyzing import read_content
from related.domain.blocks import SIZES, backlog, completing, vectors_of
from related.domain.commits import after_commit, announce_changes
from related.domain.comparing import read_counts
from related.domain.copying import read_rows
from related.domain.corpora import (
    LIST_FIELDS,
    N_NEIGHBORS,
    LiveCorpus,
    adopt,
    lock_corpora,
    memory,
    set_stored_lists,
)
from related.domain.documents import load_objects
from related.domain.reasons import served_reasons
from related.domain.storing import FoundList, insert_lists, store_neighbors
from related.domain.suggestion_rows import insert_suggestions, refresh_suggestions, suggest_anew
from related.enums import Phase, Priority
from related.models import (
    Corpus,
    CorpusStatistics,
    Document,
    DocumentVector,
    Neighbors,
    RebuildBlock,
    Suggestion,
)
from related.similarity.all_pairs import all_neighbors
from related.similarity.neighbors import NeighborLists
from related.similarity.rescoring import rescore as reweigh

logger = logging.getLogger(__name__)

# Rows of a generation that nobody reads, deleted at a time so that no transaction grows long.
DELETED_AT_ONCE = 2000


def work_out(block: RebuildBlock) -> None:
    """Do a claimed block; what it writes and its completion are one transaction.

    Raises:
        BlockLost: another worker has taken the block; nothing was written.
    """
    with building.lock:
        _PHASES[Phase(block.phase)](block)


def compare(block: RebuildBlock) -> None:
    """Mark what changed behind our back: texts and facts, by hash.

    What waits is left alone: it is analyzed anyway, unless it was set aside because its text kills
    workers; then reading it here would kill one after the other.
    """
    documents = Document.objects.indexed().filter(pk__range=(block.first, block.last))
    rows = list(documents.filter(done_rev=F("want_rev")))
    objects = load_objects(rows, public=False)
    changed = [row.pk for row in rows if row.pk in objects and _differs(row, objects[row.pk])]
    with completing(block) as counts:
        # What a save holds now is marked by that save.
        free = Document.objects.filter(pk__in=changed).lock_in_order(skip_locked=True)
        free.mark(Priority.BULK)
        counts["n_changed"] = len(changed)


def _differs(document: Document, obj: object) -> bool:
    try:
        facts = read_content(document.source, obj).facts
    except Exception:  # noqa: BLE001 - the site's own code; the analysis records its error
        return True
    return any(getattr(document, name) != getattr(facts, name) for name in indexing.FACT_FIELDS)


def analyze(block: RebuildBlock) -> None:
    """Analyze what waits in bulk, and store its vectors.

    A few are worked off one by one, as publishes are, so that the corpus needs no search from
    nothing. Each batch is stored with its documents' revisions in one transaction, so a block
    that is done again finds only what is left.
    """
    waiting = backlog().filter(pk__range=(block.first, block.last))
    is_small = block.run.counts.get("is_backlog_small")
    n_failed = 0
    for claims in claiming.claim_batches(SIZES[Phase.ANALYZE], waiting):
        results = indexing.analyze(claims)
        n_failed += len(claims) - len(results)
        if results and is_small:
            indexing.store_batch(results)
        elif results:
            indexing.store_vectors_only(results)
        block.keep()
    with completing(block) as counts:
        counts["n_failed"] = n_failed


def count_terms(block: RebuildBlock) -> None:
    """Fresh statistics, with which the generation begins."""
    corpus = _corpus(block)
    row, live = building.count_and_hold(corpus, block.keep)
    with completing(block):
        row.save()
    building.hold(row, live)


def search(block: RebuildBlock) -> None:
    """Neighbors from nothing."""
    corpus, live, keys = _taken(block)
    found = _search(live, keys)
    with completing(block):
        insert_lists(corpus, live, found)


def rescore(block: RebuildBlock) -> None:
    """The stored neighbors under fresh statistics; documents without a full list are searched."""
    corpus, live, keys = _taken(block)
    lists = NeighborLists(N_NEIGHBORS)
    stored = Neighbors.objects.filter(
        corpus=corpus,
        generation=corpus.generation,
        document__gte=block.first,
        document__lte=block.last,
    )
    set_stored_lists(lists, read_rows(stored, LIST_FIELDS))
    kept = lists.full(keys)
    found = _rescore(live, kept, lists)
    found += _search(live, sorted(set(keys) - set(kept)))
    with completing(block):
        insert_lists(corpus, live, found)


def suggest(block: RebuildBlock) -> None:
    """Suggestions by the slots' rules. A rescored text is unchanged, so its reasons still hold."""
    corpus, live, keys = _taken(block)
    building.read_lists(corpus, live, keys, block.keep)
    building.read_lists(corpus, live, live.lists.neighbors_of(keys), block.keep)
    is_rescored = block.run.blocks.filter(corpus=corpus, phase=Phase.RESCORE).exists()
    reasons = served_reasons(corpus, keys) if is_rescored else {}
    rows, reasons = suggest_anew(corpus, live, keys, reasons)
    with completing(block):
        insert_suggestions(corpus, live, rows, reasons)


def switch(block: RebuildBlock) -> None:
    """Catch up with what was stored meanwhile, then serve the new generation; one transaction."""
    corpus = _corpus(block)
    live = building.held(corpus, block.generation, block.keep)
    building.read_all_lists(corpus, live)
    block.keep()
    try:
        with memory, completing(block) as counts:
            corpus = lock_corpora([corpus.language])[corpus.language]
            counts["n_documents"] = _serve(corpus, live)
    finally:
        building.release()
    logger.info(
        "generation switched",
        extra={"corpus": str(corpus), "generation": block.generation, "version": corpus.version},
    )
    discard(corpus, older_than=block.generation)


def _serve(corpus: Corpus, live: LiveCorpus) -> int:
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
    corpus.save(update_fields=["version", "generation", "n_documents"])
    after_commit(adopt, corpus, live)
    announce_changes(live.index.keys().tolist())
    return corpus.n_documents


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
            rows.filter(pk__range=(keys[0], keys[-1])).delete()


def _corpus(block: RebuildBlock) -> Corpus:
    assert block.corpus is not None, f"{block} belongs to no corpus"
    return block.corpus


def _taken(block: RebuildBlock) -> tuple[Corpus, LiveCorpus, list[int]]:
    """The corpus, this worker's copy of it, and the block's documents."""
    corpus = _corpus(block)
    live = building.held(corpus, block.generation, block.keep)
    stored = vectors_of(corpus, live.version).filter(
        document__gte=block.first, document__lte=block.last
    )
    keys = list(stored.values_list("document", flat=True))
    is_here = live.index.holds(keys)
    return corpus, live, [key for key, here in zip(keys, is_here, strict=True) if here]


def _search(live: LiveCorpus, keys: list[int]) -> list[FoundList]:
    found = all_neighbors(live.index, keys, N_NEIGHBORS)
    return [(key, ids, similarities, len(ids) < N_NEIGHBORS) for key, ids, similarities in found]


def _rescore(live: LiveCorpus, keys: list[int], lists: NeighborLists) -> list[FoundList]:
    if not keys:
        return []
    ids, similarities = reweigh(live.index, keys, lists)
    lengths = (similarities > 0).sum(axis=1).tolist()
    return [
        (key, ids[row, :n], similarities[row, :n], lists.is_complete(key))
        for row, (key, n) in enumerate(zip(keys, lengths, strict=True))
    ]


_PHASES: dict[Phase, Callable[[RebuildBlock], None]] = {
    Phase.COMPARE: compare,
    Phase.ANALYZE: analyze,
    Phase.STATISTICS: count_terms,
    Phase.SEARCH: search,
    Phase.RESCORE: rescore,
    Phase.SUGGEST: suggest,
    Phase.SWITCH: switch,
}
