"""The archive under a policy: workers go through what stands already, a few pages at a time."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic

from django.db.models import Min

from related.domain.attention.states import refresh_states
from related.domain.bulk_rows import chunked
from related.domain.pages.rows import rewrite_pages
from related.domain.policies.approving import approve_strong, find_strong
from related.domain.transactions import announce_changes, background_transaction
from related.models import Policy, ReviewState, Slot
from related.models.reviewing import ReviewStateQuerySet

AT_ONCE = 50  # documents in one transaction
# States keep the strength of the strongest link rounded; a bar is never missed by that.
ROUNDED = 0.0001


@dataclass(frozen=True, slots=True)
class Above:
    """What stands above a bar now."""

    n_links: int
    n_pages: int
    n_looked_at: int
    n_candidates: int  # pages with a link that may stand above it

    @property
    def is_complete(self) -> bool:
        return self.n_looked_at == self.n_candidates


def count_above(slot: Slot, bar: float, *, seconds: float) -> Above:
    """How much a policy would approve at once, counted for ``seconds``, the newest pages first."""
    policy = Policy(slot=slot, bar=bar)
    candidates = _candidates(policy).newest_first().values_list("document", flat=True)
    keys = list(candidates)
    deadline = monotonic() + seconds
    n_links = n_looked_at = 0
    pages: set[int] = set()
    for some in chunked(keys, AT_ONCE):
        found = find_strong(some, [policy])
        n_links += len(found)
        pages |= {row.document_id for row in found}
        n_looked_at += len(some)
        if monotonic() > deadline:
            break
    return Above(n_links, len(pages), n_looked_at, len(keys))


def go_through_again() -> None:
    """After a rebuild, whose suggestions stand everywhere at once; in the caller's transaction."""
    Policy.objects.on().filter(covers_archive=True).update(cursor=0)


def work_on_archive() -> int:
    """Approve on the next pages that a policy has not looked at; returns how many those were."""
    waiting = Policy.objects.on().filter(cursor__isnull=False)
    cursor = waiting.aggregate(cursor=Min("cursor"))["cursor"]
    if cursor is None:
        return 0
    policies = list(waiting.filter(cursor=cursor).select_related("slot"))
    pages = set().union(*(_next_pages(policy, cursor) for policy in policies))
    keys = sorted(pages)[:AT_ONCE]
    with background_transaction():
        changed = approve_strong(keys, policies)
        rewrite_pages(changed)
        refresh_states(changed)
        announce_changes(changed)
        # Who set one of them anew meanwhile has begun again.
        Policy.objects.filter(slot__in=[p.slot_id for p in policies], cursor=cursor).update(
            cursor=keys[-1] if keys else None
        )
    return len(keys)


def _next_pages(policy: Policy, cursor: int) -> list[int]:
    rows = _candidates(policy).filter(document__gt=cursor).order_by("document")
    return list(rows.values_list("document", flat=True)[:AT_ONCE])


def _candidates(policy: Policy) -> ReviewStateQuerySet:
    """Pages on which the slot proposes something, and something is strong enough."""
    assert policy.bar is not None
    return ReviewState.objects.filter(
        strength__gte=policy.bar - ROUNDED, slots__contains=f",{policy.slot.key},"
    )
