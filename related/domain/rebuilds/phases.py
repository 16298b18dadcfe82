"""What a worker does with a block of a rebuild, phase by phase."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from django.db.models import F
from numpy.typing import NDArray

from related.domain.attention.checking import N_CHECKED, repair_outdated
from related.domain.bulk_rows import read_rows
from related.domain.corpus.codec import LIST_FIELDS, set_stored_lists
from related.domain.corpus.live import LiveCorpus
from related.domain.corpus.storing import FoundList, insert_lists
from related.domain.documents.dates import read_days
from related.domain.documents.loading import Unreadable, indexed_objects
from related.domain.documents.reading import STORED_FIELDS, read_content
from related.domain.indexing.processing import process_rows, store_batch, stored_at_once
from related.domain.indexing.results import store_vectors_only
from related.domain.pages.rows import outdated_pages, rewrite_pages
from related.domain.rebuilds import workspace
from related.domain.rebuilds.blocks import (
    backlog,
    completing,
    corpus_of,
    is_small_count,
    vectors_of,
)
from related.domain.rebuilds.passages import run_passages
from related.domain.rebuilds.switching import run_switch
from related.domain.suggesting.all_versions import versions_left_out
from related.domain.suggesting.reasons import stored_reasons
from related.domain.suggesting.rows import insert_suggestions, suggest_anew
from related.enums import Phase, Priority
from related.models import Corpus, CorpusStatistics, Document, Neighbors, RebuildBlock
from related.similarity.index.all_pairs import N_CANDIDATES
from related.similarity.index.search import N_NEIGHBORS
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.lists.rescoring import rescore
from related.similarity.order.statistics import ListStatistics
from related.similarity.stories.nearest import nearest_stories
from related.similarity.stories.pruning import are_crowded
from related.similarity.stories.stories import Stories

# Documents analyzed and stored at a time, vectors alone: a text's words take megabytes.
ANALYZED_AT_ONCE = 50


def run_block(block: RebuildBlock) -> None:
    """Do a claimed block; what it writes and its completion are one transaction.

    (Of the switch: what it serves. Before that, it may write to the generation that nobody reads.)

    Raises:
        BlockLost: another worker has taken the block, and this one changed nothing.
    """
    with workspace.lock:
        _PHASES[Phase(block.phase)](block)


def run_detect_changes(block: RebuildBlock) -> None:
    """Mark what changed without a signal: texts and fields, by hash. Rows of pages that do not say
    what the tables say are written again. Of the states of review a sample says how often that
    happens to them; a rebuild has all of them computed again.

    What waits is left alone: it is analyzed anyway, unless it was set aside because its text kills
    workers; then reading it here would kill one after the other.
    """
    documents = Document.objects.indexed().filter(pk__range=(block.first, block.last))
    rows = list(documents.filter(done_rev=F("want_rev")))
    pairs = zip(rows, indexed_objects(rows), strict=True)
    changed = [row.pk for row, obj in pairs if obj is not None and _differs(row, obj)]
    outdated = outdated_pages(documents.values_list("pk", flat=True))
    with completing(block) as counts:
        # What a save holds now is marked by that save.
        free = Document.objects.filter(pk__in=changed).lock_in_order(skip_locked=True)
        free.mark(Priority.BULK)
        counts["n_changed"] = len(changed)
        counts["n_pages_repaired"] = rewrite_pages(outdated)
        sample = [row.pk for row in rows[:N_CHECKED]]
        counts["n_states_repaired"] = len(repair_outdated(sample))


def _differs(document: Document, obj: object) -> bool:
    if isinstance(obj, Unreadable):  # the analysis records why
        return True
    try:
        fields = read_content(document.source, obj).fields
    except Exception:  # noqa: BLE001 - the site's own code; the analysis records its error
        return True
    return any(getattr(document, name) != getattr(fields, name) for name in STORED_FIELDS)


def run_analyze(block: RebuildBlock) -> None:
    """Analyze what waits in bulk, and store its vectors.

    A few are processed one by one, as publishes are, so that the corpus needs no search from
    scratch. Each batch is stored with its documents' revisions in one transaction, so a block
    that is done again finds only what is left.
    """
    waiting = backlog().filter(pk__range=(block.first, block.last))
    if block.corpus is not None:
        waiting = waiting.filter(language=block.corpus.language)
    is_small = block.run.counts.get(is_small_count(block.corpus))
    _, n_failed = process_rows(
        waiting,
        store_batch if is_small else store_vectors_only,
        limit=block.n_documents,
        at_once=stored_at_once() if is_small else ANALYZED_AT_ONCE,
    )
    with completing(block) as counts:
        counts["n_failed"] = n_failed


def run_statistics(block: RebuildBlock) -> None:
    """Fresh statistics, with which the generation begins."""
    row, live = workspace.count(corpus_of(block))
    with completing(block):
        row.save()
    workspace.hold(row, live)


def run_search(block: RebuildBlock) -> None:
    """Neighbors from scratch."""
    corpus, live, keys = _taken(block)
    found = _search(live, keys)
    with completing(block):
        insert_lists(corpus, live, found)


def run_rescore(block: RebuildBlock) -> None:
    """The stored neighbors under fresh statistics; documents without a full list are searched."""
    corpus, live, keys = _taken(block)
    lists = NeighborLists(N_NEIGHBORS)
    stored = Neighbors.objects.filter(
        corpus=corpus,
        generation=corpus.generation,
        document__gte=block.first,
        document__lte=block.last,
    )
    set_stored_lists(lists, Stories(), read_rows(stored, LIST_FIELDS))
    found = _rescore(live, lists.full(keys), lists, workspace.divided_documents(live, corpus))
    found += _search(live, sorted(set(keys) - {key for key, *_ in found}))
    with completing(block):
        insert_lists(corpus, live, found)


def run_learn(block: RebuildBlock) -> None:
    """What the lists say of the corpus, before suggestions are made from them."""
    corpus = corpus_of(block)
    live = workspace.held(corpus, block.generation)
    workspace.read_all_lists(corpus, live)
    keys = live.index.keys()
    keys = keys[live.lists.holds(keys.tolist())]
    learned = ListStatistics.learn(live.lists, keys, read_days(keys.tolist()))
    with completing(block):
        CorpusStatistics.objects.filter(corpus=corpus, generation=block.generation).update(
            typical_hub=learned.typical_hub, time_curve=list(learned.time_curve.log_ratios)
        )


def run_suggest(block: RebuildBlock) -> None:
    """Suggestions by the slots' rules. A rescored text is unchanged, so its reasons still hold."""
    corpus, live, keys = _taken(block)
    workspace.read_lists(corpus, live, keys)
    workspace.read_lists(corpus, live, live.lists.neighbors_of(keys))
    workspace.read_lists(corpus, live, _left_out(live, keys))
    is_rescored = block.run.blocks.filter(corpus=corpus, phase=Phase.RESCORE).exists()
    reasons = stored_reasons(corpus, corpus.generation, keys) if is_rescored else {}
    rows, reasons = suggest_anew(corpus, live, keys, reasons)
    with completing(block):
        insert_suggestions(corpus, live, rows, reasons)


def _left_out(live: LiveCorpus, keys: list[int]) -> list[int]:
    """The versions that may be suggested without standing in the lists of these documents."""
    there = np.array(keys, np.int64)[live.lists.holds(keys)]
    ids, _ = live.lists.tables(there.tolist())
    left_out = versions_left_out(live, there, ids, has_own=False)
    return sorted({key for row in left_out for key in row})


def _taken(block: RebuildBlock) -> tuple[Corpus, LiveCorpus, list[int]]:
    """The corpus, this worker's copy of it, and the block's documents."""
    corpus = corpus_of(block)
    live = workspace.held(corpus, block.generation)
    stored = vectors_of(corpus, live.version).filter(
        document__gte=block.first, document__lte=block.last
    )
    keys = list(stored.values_list("document", flat=True))
    is_here = live.index.holds(keys)
    return corpus, live, [key for key, here in zip(keys, is_here, strict=True) if here]


def _search(live: LiveCorpus, keys: list[int]) -> list[FoundList]:
    found = []
    for key in keys:
        (ids, similarities), is_complete = nearest_stories(
            live.index, live.stories, key, n_candidates=N_CANDIDATES
        )
        found.append((key, ids, similarities, is_complete))
    return found


def _rescore(
    live: LiveCorpus, keys: list[int], lists: NeighborLists, divided: NDArray[np.int64]
) -> list[FoundList]:
    """Without the lists that hold too much of a story now, or may have left out parts of one that
    fell apart."""
    if not keys:
        return []
    ids, similarities = rescore(live.index, keys, lists)
    stories = live.stories.of(ids.ravel()).reshape(ids.shape)
    is_kept = ~(are_crowded(stories, similarities) | np.isin(ids, divided).any(axis=1))
    lengths = (similarities > 0).sum(axis=1).tolist()
    return [
        (keys[row], ids[row, :n], similarities[row, :n], lists.is_complete(keys[row]))
        for row in np.flatnonzero(is_kept).tolist()
        for n in [lengths[row]]
    ]


_PHASES: dict[Phase, Callable[[RebuildBlock], None]] = {
    Phase.DETECT_CHANGES: run_detect_changes,
    Phase.ANALYZE: run_analyze,
    Phase.PASSAGES: run_passages,
    Phase.STATISTICS: run_statistics,
    Phase.SEARCH: run_search,
    Phase.RESCORE: run_rescore,
    Phase.LEARN: run_learn,
    Phase.SUGGEST: run_suggest,
    Phase.SWITCH: run_switch,
}
