"""Suggestions as rows of the database: written for a generation, rewritten where they changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from related.domain.bulk_rows import chunked, insert_rows
from related.domain.corpus.live import LiveCorpus
from related.domain.suggesting.reasons import Reasons, explain_pairs, stored_reasons
from related.domain.suggesting.suggest import Suggested, suggest
from related.models import Corpus, Suggestion
from related.similarity.text.terms import TermCounts

AT_ONCE = 200  # documents
FIELDS = [
    *("document", "slot", "target", "corpus", "generation"),
    *("similarity", "score", "rank", "reasons"),
]


def refresh_suggestions(
    corpus: Corpus,
    live: LiveCorpus,
    document_ids: Iterable[int],
    fresh: Mapping[int, TermCounts] | None = None,
) -> int:
    """Rewrite the suggestions of these documents for the generation of ``live``.

    Runs in the caller's transaction. Rows that would not change are left alone.

    Args:
        fresh: counts just made, whose words need not be read from the database.

    Returns:
        How many documents' suggestions changed.
    """
    n_changed = 0
    for chunk in chunked(sorted(document_ids), AT_ONCE):
        n_changed += _refresh_chunk(corpus, live, chunk, fresh or {})
    return n_changed


def insert_suggestions(
    corpus: Corpus, live: LiveCorpus, rows: Iterable[Suggested], reasons: Reasons
) -> None:
    """Write suggestions of the generation of ``live``, where there are none yet."""
    values = (
        (
            *(row.document, row.slot, row.target, corpus.pk, live.generation),
            *(row.similarity, row.score, row.rank, reasons.get((row.document, row.target), [])),
        )
        for row in rows
    )
    insert_rows(Suggestion, FIELDS, values)


def suggest_anew(
    corpus: Corpus, live: LiveCorpus, document_ids: Sequence[int], known: Reasons
) -> tuple[list[Suggested], Reasons]:
    """The suggestions of a block of the generation being built, and their reasons.

    Args:
        known: reasons that are still true.
    """
    rows = [row for group in suggest(live, document_ids).values() for row in group]
    unknown = {(row.document, row.target) for row in rows} - known.keys()
    return rows, known | explain_pairs(corpus, live, unknown, {})


def _refresh_chunk(
    corpus: Corpus, live: LiveCorpus, document_ids: Sequence[int], fresh: Mapping[int, TermCounts]
) -> int:
    old = _stored(live, corpus, document_ids)
    new = suggest(live, document_ids)
    changed = [key for key in document_ids if set(old.get(key, [])) != set(new.get(key, []))]
    if not changed:
        return 0
    known = {
        pair: words
        for pair, words in stored_reasons(corpus, live.generation, changed).items()
        if fresh.keys().isdisjoint(pair)  # where a text changed, they may not be true any more
    }
    rows = [row for key in changed for row in new.get(key, [])]
    unknown = {(row.document, row.target) for row in rows} - known.keys()
    reasons = known | explain_pairs(corpus, live, unknown, fresh)
    Suggestion.objects.filter(
        document__in=changed, generation=live.generation, corpus=corpus
    ).delete()
    insert_suggestions(corpus, live, rows, reasons)
    return len(changed)


def _stored(
    live: LiveCorpus, corpus: Corpus, document_ids: Sequence[int]
) -> dict[int, list[Suggested]]:
    """The suggestions that stand for these documents."""
    stored: dict[int, list[Suggested]] = defaultdict(list)
    rows = Suggestion.objects.filter(
        document__in=document_ids, generation=live.generation, corpus=corpus
    )
    for values in rows.values_list("document", "slot", "target", "similarity", "score", "rank"):
        row = Suggested(*values)
        stored[row.document].append(row)
    return stored
