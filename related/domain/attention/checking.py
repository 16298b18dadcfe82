"""Whether the stored states are true: compared with fresh ones, a few at a time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic

from django.db.models import Max

from related.domain.attention.states import COMPUTED, compute_states, mark_due
from related.models import Document, ReviewState

N_CHECKED = 10
SECONDS_KEPT = 60.0
# What says when a row was computed, and not what of.
TIMES = {"opened_at", "checked_at", "is_due"}
FIELDS = {field.name: field.attname for field in ReviewState._meta.concrete_fields}
COMPARED = [FIELDS[name] for name in COMPUTED if name not in TIMES]


@dataclass(frozen=True, slots=True)
class StateCheck:
    n_checked: int
    n_outdated: int  # of those checked: they said something else than the tables, and are due now


class RecentCheck:
    """A check of this process, made again after a minute: a page that is loaded often need not pay
    for it each time."""

    def __init__(
        self, seconds: float = SECONDS_KEPT, clock: Callable[[], float] = monotonic
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: StateCheck | None = None
        self._until = 0.0

    def get(self) -> StateCheck:
        if self._kept is None or self._clock() >= self._until:
            self._kept, self._until = check_states(), self._clock() + self._seconds
        return self._kept

    def forget(self) -> None:
        self._kept = None


recent_check = RecentCheck()


def check_states(n: int = N_CHECKED) -> StateCheck:
    """Compare some rows with what they should be; a worker computes those again that differ."""
    checked = _some_documents(n)
    return StateCheck(len(checked), len(repair_outdated(checked)))


def repair_outdated(document_ids: Iterable[int]) -> list[int]:
    """Have those of these rows computed again that are not as they should be; returns them."""
    outdated = outdated_states(document_ids)
    if outdated:
        mark_due(outdated)
    return outdated


def outdated_states(document_ids: Iterable[int]) -> list[int]:
    """Those of these documents whose row says something else than the tables; rows that are due
    are known to."""
    rows = ReviewState.objects.filter(document__in=document_ids, is_due=False)
    stored = {row.document_id: _values(row) for row in rows}
    fresh = {row.document_id: _values(row) for row in compute_states(list(stored))}
    return [pk for pk, values in stored.items() if fresh[pk] != values]


def _values(row: ReviewState) -> list[object]:
    return [getattr(row, name) for name in COMPARED]


def _some_documents(n: int) -> list[int]:
    """Neighbors in the index from any place on, around its end: two quick queries."""
    documents = Document.objects.indexed().order_by("pk").values_list("pk", flat=True)
    last = Document.objects.aggregate(last=Max("pk"))["last"] or 0
    start = random.randint(0, last)  # noqa: S311 - a sample, no secret
    after, before = (
        list(documents.filter(pk__gte=start)[:n]),
        list(documents.filter(pk__lt=start)[:n]),
    )
    return (after + before)[:n]
