"""From neighbors to Suggestion rows, by the rules of the slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from related.conf import conf
from related.domain.comparing import N_REASONS, read_counts
from related.domain.copying import insert_rows
from related.domain.corpora import LiveCorpus
from related.domain.documents import chunked
from related.domain.rules import rank_candidates
from related.enums import Rule
from related.models import Corpus, Document, DocumentVector, Slot, Suggestion
from related.similarity.explaining import heaviest_terms
from related.similarity.terms import TermCounts

# A slot keeps spare suggestions: some targets are hidden, rejected or placed in another slot.
SPARE_FACTOR = 3
MIN_SUGGESTIONS = 5

Pair = tuple[int, int]


def refresh_suggestions(
    corpus: Corpus,
    live: LiveCorpus,
    document_ids: Iterable[int],
    fresh: Mapping[int, TermCounts] | None = None,
) -> int:
    """Write the suggestions of these documents anew for the generation of ``live``.

    Runs in the caller's transaction. Rows that would not change are left alone.

    Args:
        fresh: counts just made, whose words need not be read from the database.

    Returns:
        How many documents' suggestions changed.
    """
    n_changed = 0
    for chunk in chunked(sorted(document_ids), 200):
        n_changed += _refresh_chunk(corpus, live, chunk, fresh or {})
    return n_changed


def _refresh_chunk(
    corpus: Corpus, live: LiveCorpus, document_ids: Iterable[int], fresh: Mapping[int, TermCounts]
) -> int:
    old = _stored(live, corpus, document_ids)
    new = suggest(live, document_ids)
    changed = {
        document_id
        for document_id in document_ids
        if _signature(old.get(document_id, [])) != _signature(new.get(document_id, []))
    }
    if not changed:
        return 0
    reasons = {(s.document_id, s.target_id): s.reasons for rows in old.values() for s in rows}
    for document_id in fresh:  # the text changed, so its old reasons may not be true any more
        reasons = {p: r for p, r in reasons.items() if document_id not in p}
    rows = [row for document_id in sorted(changed) for row in new.get(document_id, [])]
    reasons |= explain_pairs(
        corpus, live, {(r.document_id, r.target_id) for r in rows} - reasons.keys(), fresh
    )
    for row in rows:
        row.corpus = corpus
        row.reasons = reasons.get((row.document_id, row.target_id), [])
    Suggestion.objects.filter(
        document__in=changed, generation=live.generation, corpus=corpus
    ).delete()
    Suggestion.objects.bulk_create(rows, batch_size=500)
    return len(changed)


def insert_suggestions(corpus: Corpus, live: LiveCorpus, rows: Iterable[Suggestion]) -> None:
    """Write the suggestions of a block of the generation being built."""
    insert_rows(
        Suggestion,
        [
            *("document", "slot", "target", "corpus", "generation"),
            *("similarity", "score", "rank", "reasons"),
        ],
        (
            (
                *(row.document_id, row.slot_id, row.target_id, corpus.pk, live.generation),
                *(row.similarity, row.score, row.rank, row.reasons),
            )
            for row in rows
        ),
    )


def suggest_anew(
    corpus: Corpus, live: LiveCorpus, document_ids: Sequence[int], reasons: Mapping[Pair, list[str]]
) -> list[Suggestion]:
    """The suggestions of a block of the generation being built, with reasons, not saved.

    Args:
        reasons: those that are known and still true.
    """
    rows = [row for group in suggest(live, document_ids).values() for row in group]
    pairs = {(row.document_id, row.target_id) for row in rows} - reasons.keys()
    found = dict(reasons) | explain_pairs(corpus, live, pairs, {})
    for row in rows:
        row.reasons = found[row.document_id, row.target_id]
    return rows


def served_reasons(corpus: Corpus, document_ids: Sequence[int]) -> dict[Pair, list[str]]:
    """The reasons of the suggestions that are served now."""
    served = Suggestion.objects.filter(corpus=corpus, generation=corpus.generation)
    return {
        (document_id, target_id): reasons
        for chunk in chunked(document_ids)
        for document_id, target_id, reasons in served.filter(document__in=chunk).values_list(
            "document", "target", "reasons"
        )
    }


def suggest(live: LiveCorpus, document_ids: Iterable[int]) -> dict[int, list[Suggestion]]:
    """The suggestions of documents by the present rules, not saved and without reasons."""
    slots = [slot for slot in Slot.objects.active() if Rule(slot.rule).is_similarity]
    lists = {key: live.lists.get(key) for key in document_ids if key in live.lists}
    documents = _documents({*lists, *(int(i) for ids, _ in lists.values() for i in ids)})
    stories = _Stories(live)
    suggestions: dict[int, list[Suggestion]] = defaultdict(list)
    for key, (ids, similarities) in lists.items():
        if key not in documents:  # withdrawn a moment ago, while this generation is being built
            continue
        neighbors = [
            (documents[i], s)
            for i, s in zip(ids.tolist(), similarities.tolist(), strict=True)
            if i in documents
        ]
        are_same = stories.among(ids.tolist())
        for slot in slots:
            ranked = rank_candidates(documents[key], slot, neighbors, are_same)
            n_kept = max(slot.count * SPARE_FACTOR, MIN_SUGGESTIONS)
            suggestions[key] += [
                Suggestion(
                    document_id=key,
                    slot=slot,
                    target_id=candidate.target.pk,
                    generation=live.generation,
                    similarity=round(min(candidate.similarity, 1.0), 6),
                    score=round(min(candidate.score, 1.0), 6),
                    rank=rank,
                )
                for rank, candidate in enumerate(ranked[:n_kept])
            ]
    return suggestions


class _Stories:
    """Which documents tell the same story: each is in the other's list, very similar."""

    def __init__(self, live: LiveCorpus) -> None:
        self._live = live
        self._twins: dict[int, set[int]] = {}

    def among(self, keys: Sequence[int]) -> Callable[[int, int], bool]:
        """Whether two of these documents are the same story: asked for 800 pairs of a list."""
        together = set(keys)
        same = {(a, b) for a in keys for b in self._twins_of(a) & together}
        return lambda a, b: (a, b) in same or (b, a) in same

    def _twins_of(self, key: int) -> set[int]:
        if key not in self._twins:
            self._twins[key] = set()
            # While a generation is being built, a newcomer has no list before the switch.
            if key in self._live.lists:
                ids, similarities = self._live.lists.get(key)
                self._twins[key] = set(ids[similarities >= conf.duplicate_similarity].tolist())
        return self._twins[key]


def explain_pairs(
    corpus: Corpus, live: LiveCorpus, pairs: set[Pair], fresh: Mapping[int, TermCounts]
) -> dict[Pair, list[str]]:
    """The heaviest shared words of each pair; the words of one side suffice to name them."""
    named = dict(fresh)
    missing = sorted({a for a, b in pairs if a not in named and b not in named})
    for chunk in chunked(missing):
        for row in DocumentVector.objects.filter(corpus=corpus, document__in=chunk):
            named[row.document_id] = read_counts(row)
    reasons = {}
    for a, b in pairs:
        counts_a = named.get(a) or live.index.counts(a)
        counts_b = named.get(b) or live.index.counts(b)
        reasons[a, b] = heaviest_terms(counts_a, counts_b, live.statistics, N_REASONS)
    return reasons


def _documents(keys: set[int]) -> dict[int, Document]:
    fields = ["object_id", "language", "section", "published_at", "url_path", "linked_paths"]
    return {
        document.pk: document
        for chunk in chunked(sorted(keys))
        for document in Document.objects.indexed().filter(pk__in=chunk).only(*fields)
    }


def _stored(
    live: LiveCorpus, corpus: Corpus, document_ids: Iterable[int]
) -> dict[int, list[Suggestion]]:
    rows = Suggestion.objects.filter(
        document__in=document_ids, generation=live.generation, corpus=corpus
    ).order_by("document", "slot__position", "slot__key", "rank")
    return {key: list(group) for key, group in groupby(rows, key=lambda s: s.document_id)}


def _signature(suggestions: Iterable[Suggestion]) -> list[tuple[int, int, int, float, float]]:
    return [(s.slot_id, s.rank, s.target_id, s.similarity, s.score) for s in suggestions]
