"""What an editor does with a link: approve, reject, keep out of a slot, pin, reopen.

Each says which state follows, and leaves the writing to ``writing``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from related.domain.decisions.conflicts import one_click
from related.domain.decisions.evidence import evidence, evidence_of
from related.domain.decisions.writing import (
    OPEN,
    Change,
    LinkRef,
    State,
    change_decisions,
    setting,
)
from related.domain.decisions.writing_many import approve_first
from related.enums import Action, Verdict
from related.models import Decision

NEGATIVE = {Verdict.REJECTED, Verdict.NOT_HERE}


def approve(link: LinkRef, *, user: Any, version: int, note: str = "") -> Decision:
    """Approve a link. ``version`` is the decision's version that the editor saw, 0 for none.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    new = evidence_of([link])[0] | {"note": note}
    return _change(link, Action.APPROVE, setting(new), user=user, version=version)


def approve_many(
    seen: Sequence[tuple[LinkRef, int]], *, user: Any, operation: UUID | None = None
) -> None:
    """Approve several links of one document with one click: all of them, or none.

    Args:
        seen: each link with its decision's version that the editor saw.

    Raises:
        DecisionConflict: one of the decisions changed since; nothing was saved.
    """
    operation = operation or uuid4()
    views = evidence_of([link for link, _ in seen])
    changes = [
        Change(link, Action.APPROVE, setting(new | {"note": ""}), version)
        for (link, version), new in zip(seen, views, strict=True)
    ]
    with one_click():
        first = [change for change in changes if change.version == 0]
        approve_first(first, user=user, operation=operation)
        known = [change for change in changes if change.version > 0]
        change_decisions(known, user=user, operation=operation)


def reject(link: LinkRef, *, user: Any, version: int, note: str = "") -> Decision:
    """Reject a pair: its target is not offered to the document again, in any slot."""
    new = OPEN | evidence(link) | {"verdict": Verdict.REJECTED.value, "note": note}
    return _change(link, Action.REJECT, setting(new), user=user, version=version)


def keep_out(link: LinkRef, *, user: Any, version: int) -> Decision:
    """Say that a target is not wanted in this slot; it may still be offered in others."""
    new = OPEN | evidence(link) | {"verdict": Verdict.NOT_HERE.value}
    return _change(link, Action.NOT_HERE, setting(new), user=user, version=version)


def pin(link: LinkRef, *, user: Any, version: int) -> Decision:
    """Approve a link and put it before all others of its slot.

    The note of an approval stays; that of a rejection would now say the opposite.
    """
    new = evidence_of([link])[0] | {"is_pinned": True}

    def pinned(state: State) -> State:
        return (OPEN if state["verdict"] in NEGATIVE else state) | new

    return _change(link, Action.PIN, pinned, user=user, version=version)


def unpin(link: LinkRef, *, user: Any, version: int) -> Decision:
    """Take the pin away; the link stays approved."""
    return _change(link, Action.UNPIN, setting({"is_pinned": False}), user=user, version=version)


def reopen(link: LinkRef, *, user: Any, version: int) -> Decision:
    """Take a decision back: the pair may be suggested again."""
    return _change(link, Action.REOPEN, setting(OPEN), user=user, version=version)


def _change(
    link: LinkRef, action: Action, apply: Callable[[State], State], *, user: Any, version: int
) -> Decision:
    (decision,) = change_decisions([Change(link, action, apply, version)], user=user)
    return decision
