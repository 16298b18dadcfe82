"""Which past decisions of a slot another setting of its rule would have kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from related.domain.corpus.codec import read_list_statistics
from related.domain.documents.dates import days_of
from related.domain.suggesting.rules import DocumentFacts, is_allowed
from related.enums import Verdict
from related.models import Corpus, Decision, Slot
from related.models.documents import order_key

NEWEST = 20_000  # what is read in well under a second
_ENDS = ("language", "section", "published_at", "object_id", "address_keys", "linked_keys")


@dataclass(frozen=True, slots=True)
class DecisionPreview:
    """Of the telling decisions: a suggestion and what an editor said to it."""

    n: int
    n_kept: int  # approved, and still offered
    n_lost: int  # approved, and not offered any more
    n_still_offered: int  # rejected, and still offered
    n_avoided: int  # rejected, and not offered any more
    is_cut: bool  # there are older ones, which were not looked at


def preview_decisions(now: Slot, then: Slot, *, newest: int = NEWEST) -> DecisionPreview | None:
    """None where the new rule goes by date: scores say nothing of it.

    Each is judged by the score that it had, with the new weight of time in place of the present
    one, and by what the rule admits of the two articles as they are now.
    """
    if not (now.goes_by_similarity and then.goes_by_similarity and then.is_active):
        return None
    rows = list(
        Decision.objects.telling()
        .filter(slot=now)
        .order_by("-decided_at", "-pk")
        .values_list(
            *("document", "target", "verdict", "score"),
            *(f"document__{name}" for name in _ENDS),
            *(f"target__{name}" for name in _ENDS),
        )[: newest + 1]
    )
    pairs = [
        (_facts(row[0], row[4 : 4 + len(_ENDS)]), _facts(row[1], row[4 + len(_ENDS) :]))
        for row in rows[:newest]
    ]
    approved = np.array([row[2] == Verdict.APPROVED for row in rows[:newest]], np.bool_)
    scores = np.array([row[3] for row in rows[:newest]], np.float64)
    scores *= np.exp((then.time_weight - now.time_weight) * _log_closeness(pairs))
    admitted = np.array(
        [is_allowed(document, then, target) for document, target in pairs], np.bool_
    )
    offered = admitted & (scores >= then.minimum_score)
    return DecisionPreview(
        n=len(pairs),
        n_kept=int((approved & offered).sum()),
        n_lost=int((approved & ~offered).sum()),
        n_still_offered=int((~approved & offered).sum()),
        n_avoided=int((~approved & ~offered).sum()),
        is_cut=len(rows) > newest,
    )


def _facts(key: int, values: tuple[Any, ...]) -> DocumentFacts:
    language, section, at, object_id, address_keys, linked_keys = values
    return DocumentFacts(
        *(key, language, section, at, order_key(at, object_id)),
        *(bytes(address_keys), bytes(linked_keys)),
    )


def _log_closeness(pairs: list[tuple[DocumentFacts, DocumentFacts]]) -> NDArray[np.float64]:
    found = np.zeros(len(pairs))
    places: dict[str, list[int]] = defaultdict(list)
    for place, (document, _) in enumerate(pairs):
        places[document.language].append(place)
    for corpus in Corpus.objects.filter(language__in=places):
        own = places[corpus.language]
        days = [
            days_of(document.published_at) - days_of(target.published_at)
            for document, target in (pairs[place] for place in own)
        ]
        curve = read_list_statistics(corpus, corpus.generation).time_curve
        found[own] = curve.log_closeness(np.array(days, np.float64))
    return found
