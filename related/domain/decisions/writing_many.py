"""Many decisions written together, in a few queries: in bulk, and where a policy approves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone

from related.domain.attention.states import refresh_states
from related.domain.decisions.actors import account_of
from related.domain.decisions.barring import find_barred, refuse_barred
from related.domain.decisions.conflicts import Deadlock, deadlock_conflict, one_click
from related.domain.decisions.writing import (
    OPEN,
    STATE_FIELDS,
    Change,
    State,
    conflict_at,
    in_lock_order,
    log_entry,
)
from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.models import Decision, DecisionLog

PLACE = ("document_id", "slot_id", "target_id")
TRIES = 3


def approve_first(changes: Sequence[Change], *, user: Any, operation: UUID) -> None:
    """``change_decisions`` for many first decisions, in a few queries for all together.

    Raises:
        DecisionConflict: somebody decided on one of them since; nothing was saved.
        NotReviewable: an article that is marked as sensitive keeps one of the links away.
    """
    refuse_barred(change.link.pair for change in changes)

    def all_or_none(_: list[DecisionLog], left: list[Change]) -> None:
        if left:
            raise conflict_at(left[0].link, user)

    _change_together(changes, user, operation, all_or_none)


def change_each(changes: Iterable[Change], *, user: Any, operation: UUID) -> tuple[int, int]:
    """Apply changes that do not depend on each other, in a few queries for all together: a conflict
    costs that change alone, and so does a mark of a sensitive article. The log folds all entries of
    the operation behind its first.

    Returns:
        How many decisions were changed, and how many stay as they are.
    """
    wanted = list(changes)
    barred = find_barred(change.link.pair for change in wanted if change.is_approval)
    pending = [c for c in wanted if not (c.is_approval and c.link.pair in barred)]

    def fold(entries: list[DecisionLog], _: list[Change]) -> None:
        is_begun = DecisionLog.objects.filter(operation=operation).exists()
        for number, entry in enumerate(entries):
            entry.is_folded = is_begun or number > 0

    n_changed, n_left = _change_together(pending, user, operation, fold)
    return n_changed, n_left + len(wanted) - len(pending)


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
    pending = in_lock_order(changes)
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
        entries.append(log_entry(change, before, after, user, operation))
        if decision is None:
            place = dict(zip(PLACE, change.lock_order, strict=True))
            first.append(Decision(**place, **after, version=1, decided_by=account_of(user)))
        else:
            alike.setdefault((repr(after), change.version), (after, []))[1].append(decision.pk)
    Decision.objects.bulk_create(first)
    for (_, version), (after, keys) in alike.items():
        seen = Decision.objects.filter(pk__in=keys, version=version)
        signed = {"decided_by": account_of(user), "decided_at": timezone.now()}
        if seen.update(**after, **signed, version=version + 1) < len(keys):
            raise deadlock_conflict()  # where rows cannot be locked
    return entries, left


def insert_first(changes: Sequence[Change], *, user: Any, operation: UUID) -> None:
    """Make first decisions and log them, for a caller whose transaction rewrites their pages.

    Raises:
        IntegrityError: somebody decided on one of them meanwhile.
    """
    made = [(change, change.apply(OPEN)) for change in changes]
    own = {"version": 1, "decided_by": account_of(user)}
    Decision.objects.bulk_create(
        Decision(**change.link.ends, **after, **own) for change, after in made
    )
    DecisionLog.objects.bulk_create(
        log_entry(change, OPEN, after, user, operation) for change, after in made
    )
