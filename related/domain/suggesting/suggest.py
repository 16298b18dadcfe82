"""From neighbors to suggestions, by the rules of the slots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from related.conf import conf
from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.suggesting.rules import DocumentFacts, Twins, rank_candidates
from related.models import Document, Slot
from related.models.documents import order_key
from related.similarity.lists.neighbors import NeighborLists

# A slot keeps spare suggestions: some targets are hidden, rejected or placed in another slot.
SPARE_FACTOR = 3
MIN_SUGGESTIONS = 5

COLUMNS = ["pk", "object_id", "language", "section", "published_at", "address_keys"]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion that is not stored yet, and has no reasons yet."""

    document: int
    slot: int
    target: int
    similarity: float
    score: float
    rank: int


def suggest(live: LiveCorpus, document_ids: Iterable[int]) -> dict[int, list[Suggested]]:
    """The suggestions of documents by the present rules, slot by slot, best first."""
    slots = list(Slot.objects.active().by_similarity())
    keys = np.array(list(document_ids), np.int64)
    keys = keys[live.lists.holds(keys.tolist())]
    ids, similarities = live.lists.tables(keys.tolist())
    targets = np.unique(ids[similarities > 0])
    documents = _read_facts(np.union1d(keys, targets).tolist(), keys.tolist())
    twins = find_twins(live.lists, targets.tolist())
    suggestions: dict[int, list[Suggested]] = defaultdict(list)
    for key, row_ids, row in zip(keys.tolist(), ids.tolist(), similarities.tolist(), strict=True):
        if key not in documents:  # withdrawn a moment ago, while this generation is being built
            continue
        neighbors = [
            (documents[i], s) for i, s in zip(row_ids, row, strict=True) if s > 0 and i in documents
        ]
        for slot in slots:
            ranked = rank_candidates(documents[key], slot, neighbors, twins)
            n_kept = max(slot.count * SPARE_FACTOR, MIN_SUGGESTIONS)
            suggestions[key] += [
                Suggested(
                    key,
                    slot.pk,
                    candidate.target.pk,
                    round(min(candidate.similarity, 1.0), 6),
                    round(min(candidate.score, 1.0), 6),
                    rank,
                )
                for rank, candidate in enumerate(ranked[:n_kept])
            ]
    return suggestions


def find_twins(lists: NeighborLists, keys: Sequence[int]) -> Twins:
    """Which of these documents tell the same story: one is in the other's list, very similar.

    While a generation is being built, a newcomer has no list before the switch, and no twins.
    """
    there = np.array(keys, np.int64)
    there = there[lists.holds(keys)]
    ids, similarities = lists.tables(there.tolist())
    rows, places = np.nonzero(similarities >= conf.duplicate_similarity)
    twins: dict[int, set[int]] = defaultdict(set)
    for a, b in zip(there[rows].tolist(), ids[rows, places].tolist(), strict=True):
        twins[a].add(b)
        twins[b].add(a)
    return dict(twins)


def _read_facts(keys: Sequence[int], linking: Sequence[int]) -> dict[int, DocumentFacts]:
    """The facts of indexed documents; the keys of what they link to for ``linking`` alone.

    Whom a target links to matters to no rule, and reading it would take longer than all else.
    """
    linked_keys = {
        pk: bytes(keys)
        for chunk in chunked(linking)
        for pk, keys in Document.objects.filter(pk__in=chunk)
        .exclude(linked_keys=b"")
        .values_list("pk", "linked_keys")
    }
    return {
        pk: DocumentFacts(
            *(pk, language, section, at, order_key(at, object_id)),
            *(bytes(addresses), linked_keys.get(pk, b"")),
        )
        for chunk in chunked(keys)
        for pk, object_id, language, section, at, addresses in Document.objects.indexed()
        .filter(pk__in=chunk)
        .values_list(*COLUMNS)
    }
