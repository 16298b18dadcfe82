"""How a slot would rank with other settings of its rule; nothing is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.suggesting.neighborhood import read_neighborhood
from related.domain.suggesting.rules import rank_candidates
from related.models import Corpus, Slot
from related.similarity.order.scoring import TITLE_AND_TEXT

CHUNK = 200  # documents, each with its 40 neighbors

Ranked = dict[int, list[int]]


@dataclass(frozen=True, slots=True)
class Setting:
    """A slot as it might be set."""

    name: str  # as reports name it
    fields: dict[str, Any] = field(default_factory=dict)  # of Slot; none: as it is now
    title_share: float = 1.0  # of the weight that titles have; no field of a slot

    @property
    def values(self) -> dict[str, Any]:
        """What differs from the slot as it is."""
        if self.title_share == 1.0:
            return self.fields
        return {**self.fields, "title_weight": TITLE_AND_TEXT * self.title_share}

    def of(self, slot: Slot) -> Slot:
        """A copy that is never saved. Stories and links in the text are left alone: it is these
        links that are looked for, and the order is judged, not what a page has room for."""
        changed = copy(slot)
        for name, value in {"one_per_story": False, "skip_linked": False, **self.fields}.items():
            setattr(changed, name, value)
        return changed


AS_IT_IS = Setting("as_it_is")
TIME = [
    Setting(f"time_weight_{weight:.2f}", {"time_weight": weight})
    for weight in (0.0, 0.05, 0.1, 0.2, 0.3)
]
TITLES = [
    Setting(f"title_weight_{TITLE_AND_TEXT * share:.2f}", title_share=share)
    for share in (0.0, 0.5, 2.0)
]
MINIMUM = [
    Setting(f"minimum_score_{score:.2f}", {"minimum_score": score})
    for score in (0.0, 0.02, 0.04, 0.06, 0.08, 0.12)
]


def rank_by(slot: Slot, settings: Sequence[Setting], keys: Sequence[int]) -> dict[str, Ranked]:
    """Document ids to ranked targets, by the name of the setting; from the served neighbors.

    One corpus after the other, as each is read into memory.

    Raises:
        CorpusTooLarge: a corpus does not fit into memory.
    """
    ranked: dict[str, Ranked] = {setting.name: {} for setting in settings}
    by_share: dict[float, list[Setting]] = defaultdict(list)
    for setting in settings:
        by_share[setting.title_share].append(setting)
    for corpus in Corpus.objects.order_by("language"):
        live = LiveCorpus.read(corpus)
        for some in chunked(keys, CHUNK):
            for share, alike in by_share.items():
                for setting, key, targets in _rank(live, slot, alike, some, share):
                    ranked[setting.name][key] = targets
    return ranked


def _rank(
    live: LiveCorpus, slot: Slot, settings: Sequence[Setting], keys: Sequence[int], share: float
) -> Iterator[tuple[Setting, int, list[int]]]:
    slots = [setting.of(slot) for setting in settings]
    setting_of = {id(changed): setting for changed, setting in zip(slots, settings, strict=True)}
    neighborhood = read_neighborhood(live, keys, slots, title_share=share)
    for document, changed, neighbors in neighborhood.scored():
        candidates = rank_candidates(document, changed, neighbors)
        targets = [candidate.target.pk for candidate in candidates]
        yield setting_of[id(changed)], document.pk, targets
