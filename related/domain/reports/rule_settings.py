"""How a slot would rank with other settings of its rule; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from related.domain.bulk_rows import chunked
from related.domain.corpus.codec import read_neighbors
from related.domain.suggesting.rules import DocumentFacts, rank_candidates
from related.models import Document, Neighbors, Slot

DOCUMENTS_AT_ONCE = 50  # each with its 40 neighbors

Ranked = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A slot as it might be set."""

    name: str  # as reports name it
    values: dict[str, Any] = field(default_factory=dict)  # fields of Slot; none: as it is now

    def of(self, slot: Slot) -> Slot:
        """A copy that is never saved. Stories and links in the text are left alone: it is these
        links that are looked for, and the order is judged, not what a page has room for."""
        changed = copy(slot)
        for name, value in {"one_per_story": False, "skip_linked": False, **self.values}.items():
            setattr(changed, name, value)
        return changed


AS_IT_IS = Setting("as_it_is")
RECENCY = [
    Setting("recency_off", {"recency_weight": 0}),
    Setting("recency_gentle", {"recency_weight": 0.2, "recency_half_life": 90}),
    Setting("recency_month", {"recency_weight": 0.3, "recency_half_life": 30}),
    Setting("recency_week", {"recency_weight": 0.4, "recency_half_life": 7}),
    Setting("recency_days", {"recency_weight": 0.5, "recency_half_life": 3}),
]
MINIMUM = [
    Setting(f"minimum_{score:.2f}", {"minimum_score": score})
    for score in (0.0, 0.02, 0.05, 0.08, 0.12, 0.2)
]


def rank_by(slot: Slot, settings: Sequence[Setting], keys: Sequence[int]) -> dict[str, Ranked]:
    """Document ids to ranked targets, by the name of the setting; from the served neighbors."""
    slots = {setting.name: setting.of(slot) for setting in settings}
    ranked: dict[str, Ranked] = {name: {} for name in slots}
    for some in chunked(keys, DOCUMENTS_AT_ONCE):
        rows = Neighbors.objects.filter(document__in=some, generation=F("corpus__generation"))
        lists = {row.document_id: read_neighbors(row) for row in rows}
        wanted = {key for ids, _ in lists.values() for key in ids.tolist()} | lists.keys()
        documents = Document.objects.indexed().in_bulk(list(wanted))
        facts = {key: DocumentFacts.of(document) for key, document in documents.items()}
        for key, (ids, similarities) in lists.items():
            if key not in facts:
                continue
            neighbors = [
                (facts[target], similarity)
                for target, similarity in zip(ids.tolist(), similarities.tolist(), strict=True)
                if target in facts
            ]
            for name, changed in slots.items():
                candidates = rank_candidates(facts[key], changed, neighbors, {})
                ranked[name][key] = [candidate.target.pk for candidate in candidates]
    return ranked
