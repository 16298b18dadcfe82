"""The one writer of decisions: each changes under a condition, with its log in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from related.domain.attention.states import refresh_states
from related.domain.decisions.conflicts import (
    Deadlock,
    DecisionConflict,
    deadlock_conflict,
    link_conflict,
    link_to_itself,
    one_click,
)
from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document, Slot

# The part of a decision that an editor changes, as the log keeps it before and after.
State = dict[str, Any]
STATE_FIELDS = (
    *("verdict", "is_pinned", "position", "similarity", "score", "reasons"),
    *("is_bulk", "note"),
)
OPEN: State = {
    "verdict": Verdict.OPEN.value,
    "is_pinned": False,
    "position": None,
    "similarity": None,
    "score": None,
    "reasons": [],
    "is_bulk": False,
    "note": "",
}

PLACE = ("document_id", "slot_id", "target_id")
TRIES = 3  # of many changes together


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


def change_decisions(
    changes: Iterable[Change], *, user: Any, operation: UUID | None = None
) -> list[Decision]:
    """Apply the changes of one click, all of them or none; returns them in their lock order.

    Every click takes its rows in the same order, so that two clicks never wait for each other.

    Raises:
        DecisionConflict: one of the decisions changed since the editor saw it.
    """
    operation = operation or uuid4()
    with one_click():
        pending = _in_lock_order(changes)
        decisions = [_change(change, user, operation) for change in pending]
        documents = {change.link.document.pk for change in pending}
        # Last, so that all clicks lock decisions before pages.
        rewrite_pages(documents)
        refresh_states(documents)
        return decisions


def approve_first(changes: Sequence[Change], *, user: Any, operation: UUID) -> None:
    """``change_decisions`` for many first decisions, in a few queries for all together.

    Raises:
        DecisionConflict: somebody decided on one of them since; nothing was saved.
    """

    def all_or_none(_: list[DecisionLog], left: list[Change]) -> None:
        if left:
            raise conflict_at(left[0].link, user)

    _change_together(changes, user, operation, all_or_none)


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
    """Log what is no decision on a link: a heading, a summary, a page that was called done."""
    DecisionLog.objects.create(
        document=document,
        slot=slot,
        action=action,
        operation=operation,
        undoes=undoes,
        before=before,
        after=after,
        version=version,
        actor=user,
        actor_key=str(user.pk),
        actor_name=user.get_username(),
    )


def change_each(changes: Iterable[Change], *, user: Any, operation: UUID) -> tuple[int, int]:
    """Apply changes that do not depend on each other, in a few queries for all together: a conflict
    costs that change alone. The log folds all entries of the operation behind its first.

    Returns:
        How many decisions were changed, and how many stay because somebody changed them since.
    """

    def fold(entries: list[DecisionLog], _: list[Change]) -> None:
        is_begun = DecisionLog.objects.filter(operation=operation).exists()
        for number, entry in enumerate(entries):
            entry.is_folded = is_begun or number > 0

    return _change_together(changes, user, operation, fold)


def conflict_at(link: LinkRef, user: Any) -> DecisionConflict:
    """For an editor who saw another version of this decision than the one that stands."""
    rows = Decision.objects.filter(document=link.document, slot=link.slot, target=link.target)
    return link_conflict(rows.select_related("decided_by").first(), user)


def _in_lock_order(changes: Iterable[Change]) -> list[Change]:
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
        decision = Decision.objects.get_or_create(
            document=link.document, slot=link.slot, target=link.target
        )[0]
        before = {name: getattr(decision, name) for name in STATE_FIELDS}
        after = change.apply(before)
        won = Decision.objects.filter(pk=decision.pk, version=change.version).update(
            **after, version=change.version + 1, decided_by=user, decided_at=timezone.now()
        )
        if not won:
            raise conflict_at(link, user)
        _log_entry(change, before, after, user, operation).save(force_insert=True)
        announce_changes([link.document.pk])
    decision.refresh_from_db()
    return decision


def _change_together(
    changes: Iterable[Change],
    user: Any,
    operation: UUID,
    look: Callable[[list[DecisionLog], list[Change]], None],
) -> tuple[int, int]:
    """Apply what still can be, in one transaction; returns how many, and how many are left out.
    ``look`` is given the entries of the log and what is left out, before anything is final.

    Raises:
        DecisionConflict: the database gave way to others each time.
    """
    pending = _in_lock_order(changes)
    if not pending:
        return 0, 0
    for _ in range(TRIES):
        # Somebody made one of these decisions after they were read: now there is one to read.
        with suppress(IntegrityError, Deadlock), one_click():
            entries, left = _apply(pending, user, operation)
            look(entries, left)
            DecisionLog.objects.bulk_create(entries)
            documents = {entry.document_id for entry in entries}
            rewrite_pages(documents)
            refresh_states(documents)
            announce_changes(documents)
            return len(entries), len(left)
    raise deadlock_conflict()


def _apply(
    pending: Sequence[Change], user: Any, operation: UUID
) -> tuple[list[DecisionLog], list[Change]]:
    """Change decisions that are still at the version that was seen; their entries for the log, and
    what is left out."""
    rows = Decision.objects.filter(document__in={change.link.document.pk for change in pending})
    locked = rows.order_by("document", "slot", "target").select_for_update(no_key=True)
    stands = {tuple(getattr(row, name) for name in PLACE): row for row in locked}
    entries, left, first = [], [], []
    alike: dict[tuple[str, int], tuple[State, list[int]]] = {}
    for change in pending:
        decision = stands.get(change.lock_order)
        if change.version != (decision.version if decision else 0):
            left.append(change)
            continue
        before = {name: getattr(decision, name) for name in STATE_FIELDS} if decision else OPEN
        after = change.apply(before)
        entries.append(_log_entry(change, before, after, user, operation))
        if decision is None:
            place = dict(zip(PLACE, change.lock_order, strict=True))
            first.append(Decision(**place, **after, version=1, decided_by=user))
        else:
            alike.setdefault((repr(after), change.version), (after, []))[1].append(decision.pk)
    Decision.objects.bulk_create(first)
    for (_, version), (after, keys) in alike.items():
        seen = Decision.objects.filter(pk__in=keys, version=version)
        values = after | {"version": version + 1, "decided_by": user, "decided_at": timezone.now()}
        if seen.update(**values) < len(keys):
            raise deadlock_conflict()  # where rows cannot be locked
    return entries, left


def _log_entry(
    change: Change, before: State, after: State, user: Any, operation: UUID
) -> DecisionLog:
    return DecisionLog(
        document=change.link.document,
        slot=change.link.slot,
        target=change.link.target,
        action=change.action,
        operation=operation,
        undoes=change.undoes,
        before=before,
        after=after,
        version=change.version + 1,
        note=after["note"],
        actor=user,
        actor_key=str(user.pk),
        actor_name=user.get_username(),
    )
