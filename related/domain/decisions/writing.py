"""The one writer of decisions: each changes under a condition, with its log in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from related.domain.attention.states import refresh_states
from related.domain.decisions.actors import account_of, signature
from related.domain.decisions.barring import Pair, refuse_barred
from related.domain.decisions.conflicts import (
    DecisionConflict,
    link_conflict,
    link_to_itself,
    one_click,
)
from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.enums import Action, Verdict
from related.models import BulkOperation, Decision, DecisionLog, Document, Slot

# The part of a decision that an editor changes, as the log keeps it before and after.
State = dict[str, Any]
STATE_FIELDS = (
    *("verdict", "is_pinned", "position", "similarity", "score", "reasons"),
    *("is_bulk", "by_policy", "note"),
)
OPEN: State = {
    "verdict": Verdict.OPEN.value,
    "is_pinned": False,
    "position": None,
    "similarity": None,
    "score": None,
    "reasons": [],
    "is_bulk": False,
    "by_policy": False,
    "note": "",
}
APPROVALS = {Action.APPROVE, Action.PIN}


@dataclass(frozen=True, slots=True)
class LinkRef:
    """What a decision is about: a target in a slot of a document.

    Raises:
        NotReviewable: the target is the document itself.
    """

    document: Document
    slot: Slot
    target: Document

    def __post_init__(self) -> None:
        if self.target.pk == self.document.pk:
            raise link_to_itself()

    @property
    def ends(self) -> dict[str, Any]:
        return {"document": self.document, "slot": self.slot, "target": self.target}

    @property
    def pair(self) -> Pair:
        return self.document.pk, self.target.pk


@dataclass(frozen=True, slots=True)
class Change:
    """What shall become of one decision."""

    link: LinkRef
    action: Action
    apply: Callable[[State], State]  # from what stands to what shall stand
    version: int  # of the decision that the editor saw; 0: there was none
    undoes: UUID | None = None  # the operation that it takes back

    @property
    def lock_order(self) -> tuple[int, int, int]:
        return self.link.document.pk, self.link.slot.pk, self.link.target.pk

    @property
    def is_approval(self) -> bool:
        return self.action in APPROVALS


def setting(new: State) -> Callable[[State], State]:
    """For ``Change.apply``: puts these values in place of what stands, and leaves all others."""
    return lambda state: state | new


def change_decisions(
    changes: Iterable[Change], *, user: Any, operation: UUID | None = None
) -> list[Decision]:
    """Apply the changes of one click, all of them or none; returns them in their lock order.

    Every click takes its rows in the same order, so that two clicks never wait for each other.

    Raises:
        DecisionConflict: one of the decisions changed since the editor saw it.
        NotReviewable: an article that is marked as sensitive keeps one of the links away.
    """
    operation = operation or uuid4()
    with one_click():
        pending = in_lock_order(changes)
        refuse_barred(change.link.pair for change in pending if change.is_approval)
        decisions = [_change(change, user, operation) for change in pending]
        documents = {change.link.document.pk for change in pending}
        # Last, so that all clicks lock decisions before pages.
        rewrite_pages(documents)
        refresh_states(documents)
        return decisions


def log_change(
    document: Document,
    action: Action,
    before: State,
    after: State,
    *,
    user: Any,
    operation: UUID,
    slot: Slot | None = None,
    version: int = 0,
    undoes: UUID | None = None,
) -> None:
    """Log what is no decision on a link: a heading, a summary, a page that was called done.

    Of an operation in bulk the first entry stands for all, as it does of links.
    """
    begun = DecisionLog.objects.filter(operation=OuterRef("pk"))
    in_bulk = BulkOperation.objects.filter(Exists(begun), pk=operation)
    DecisionLog.objects.create(
        document=document,
        slot=slot,
        action=action,
        operation=operation,
        undoes=undoes,
        before=before,
        after=after,
        version=version,
        is_folded=in_bulk.exists(),
        **signature(user),
    )


def unlogged(
    document: Document, action: Action, after: State, slot: Slot | None = None
) -> DecisionLog:
    """An entry, which is not stored, for a text from before texts were logged: nobody knows what
    stood before."""
    before = dict.fromkeys(after, "")
    ends = {"document": document, "slot": slot, "operation": uuid4()}
    return DecisionLog(action=action, before=before, after=after, **ends)


def log_undo(entry: DecisionLog, *, user: Any, operation: UUID) -> None:
    """Log that what such an entry says was taken back."""
    log_change(
        entry.document,
        Action.UNDO,
        entry.after,
        entry.before,
        user=user,
        operation=operation,
        slot=entry.slot,
        undoes=entry.operation,
    )


def conflict_at(link: LinkRef, user: Any) -> DecisionConflict:
    """For an editor who saw another version of this decision than the one that stands."""
    rows = Decision.objects.filter(**link.ends)
    return link_conflict(rows.select_related("decided_by").first(), user)


def in_lock_order(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: change.lock_order)


def _change(change: Change, user: Any, operation: UUID) -> Decision:
    """Apply one change if the decision is still at its version, and log it; one transaction.

    A decision that was taken back keeps its row (verdict ``open``), so its versions never start
    over and one conditional update decides every race.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    link = change.link
    with transaction.atomic():
        decision = Decision.objects.get_or_create(**link.ends)[0]
        before = {name: getattr(decision, name) for name in STATE_FIELDS}
        after = change.apply(before)
        won = Decision.objects.filter(pk=decision.pk, version=change.version).update(
            **after,
            version=change.version + 1,
            decided_by=account_of(user),
            decided_at=timezone.now(),
        )
        if not won:
            raise conflict_at(link, user)
        log_entry(change, before, after, user, operation).save(force_insert=True)
        announce_changes([link.document.pk])
    decision.refresh_from_db()
    return decision


def log_entry(
    change: Change, before: State, after: State, user: Any, operation: UUID
) -> DecisionLog:
    return DecisionLog(
        **change.link.ends,
        action=change.action,
        operation=operation,
        undoes=change.undoes,
        before=before,
        after=after,
        version=change.version + 1,
        note=after["note"],
        **signature(user),
    )
