"""How much is left: counts of the queue, for its tabs and for the admin's first page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from related.domain.attention.states import missing_states
from related.domain.desk.queue import QueueFilter, QueueState, find_failed, in_sections_of
from related.enums import ReviewReason
from related.models import ReviewState

MOST_COUNTED = 1_000  # pages that no worker has looked at: after a first rebuild it is all of them


@dataclass(frozen=True, slots=True)
class QueueCounts:
    by_state: dict[QueueState, int]
    by_reason: dict[ReviewReason, int]
    n_since_yesterday: int  # opened in the last 24 hours
    n_unseen: int = 0  # where nothing waits: pages that a worker has to look at before

    @property
    def n_open(self) -> int:
        return self.by_state[QueueState.TO_REVIEW]

    @property
    def n_lost(self) -> int:
        return self.by_reason[ReviewReason.LOST]


def count_queue(user: Any) -> QueueCounts:
    """What is theirs to decide, in two queries; in four where that is nothing."""
    rows = ReviewState.objects.of_pages().filter(in_sections_of(user))
    reasons = {
        f"reason_{reason.value}": F("reasons").bitand(reason.value) for reason in ReviewReason
    }
    yesterday = timezone.now() - timedelta(days=1)
    found = rows.annotate(**reasons).aggregate(
        n_all=Count("pk"),
        n_open=Count("pk", filter=Q(is_open=True)),
        n_reviewed=Count("pk", filter=Q(is_open=False, is_reviewed=True)),
        n_new=Count("pk", filter=Q(is_open=True, opened_at__gte=yesterday)),
        **{
            f"n_{name}": Count("pk", filter=Q(is_open=True, **{f"{name}__gt": 0}))
            for name in reasons
        },
    )
    by_state = {
        QueueState.TO_REVIEW: found["n_open"],
        QueueState.REVIEWED: found["n_reviewed"],
        QueueState.NOTHING: found["n_all"] - found["n_open"] - found["n_reviewed"],
        QueueState.FAILED: find_failed(QueueFilter(), user).count(),
        QueueState.ALL: found["n_all"],
    }
    by_reason = {reason: found[f"n_reason_{reason.value}"] for reason in ReviewReason}
    n_unseen = 0
    if not found["n_open"]:
        missing = missing_states().filter(in_sections_of(user, ""))
        n_unseen = rows.filter(is_due=True).count() + missing[:MOST_COUNTED].count()
    return QueueCounts(by_state, by_reason, found["n_new"], n_unseen)
