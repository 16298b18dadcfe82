"""What an editor does with a link: approve, reject, replace, pin, move, reopen.

Each says which state follows, and leaves the writing to ``writing``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from related.domain.corpus.explaining import compare_documents
from related.domain.decisions.writing import (
    OPEN,
    Change,
    LinkRef,
    State,
    change_decisions,
    conflict_at,
    one_click,
)
from related.enums import Action, Verdict
from related.models import Decision, Document, Suggestion


def approve(link: LinkRef, *, user: Any, version: int, note: str = "") -> Decision:
    """Approve a link. ``version`` is the decision's version that the editor saw, 0 for none.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    return _change(link, Action.APPROVE, _approved(link, note), user=user, version=version)


def approve_many(seen: Sequence[tuple[LinkRef, int]], *, user: Any) -> None:
    """Approve several links with one click: all of them, or none.

    Args:
        seen: each link with its decision's version that the editor saw.

    Raises:
        DecisionConflict: one of the decisions changed since; nothing was saved.
    """
    changes = [Change(link, Action.APPROVE, _approved(link), version) for link, version in seen]
    change_decisions(changes, user=user)


def replace(link: LinkRef, *, user: Any, version: int, old: Document, old_version: int) -> Decision:
    """Approve a better link in place of an approved one, which is open again afterwards.

    Raises:
        DecisionConflict: either decision changed since the editor saw it; nothing was saved.
    """
    old_link = LinkRef(link.document, link.slot, old)
    with one_click():
        replaced = (
            Decision.objects.approved()
            .filter(document=link.document, slot=link.slot, target=old, version=old_version)
            .first()
        )
        if replaced is None:
            raise conflict_at(old_link, user)
        new = _evidence(link) | {
            "verdict": Verdict.APPROVED.value,
            "is_pinned": replaced.is_pinned,
            "position": replaced.position,
        }
        changes = [
            Change(old_link, Action.REOPEN, lambda state: OPEN, old_version),
            Change(link, Action.APPROVE, lambda state: OPEN | new, version),
        ]
        decisions = change_decisions(changes, user=user)
    return next(decision for decision in decisions if decision.target_id == link.target.pk)


def reject(link: LinkRef, *, user: Any, version: int, note: str = "") -> Decision:
    """Reject a pair: its target is not offered to the document again, in any slot."""
    new = OPEN | _evidence(link) | {"verdict": Verdict.REJECTED.value, "note": note}
    return _change(link, Action.REJECT, lambda state: new, user=user, version=version)


def pin(link: LinkRef, *, user: Any, version: int) -> Decision:
    """Approve a link and put it before all others of its slot.

    The note of an approval stays; that of a rejection would now say the opposite.
    """
    new = _evidence(link) | {"verdict": Verdict.APPROVED.value, "is_pinned": True}

    def pinned(state: State) -> State:
        return (OPEN if state["verdict"] == Verdict.REJECTED else state) | new

    return _change(link, Action.PIN, pinned, user=user, version=version)


def unpin(link: LinkRef, *, user: Any, version: int) -> Decision:
    """Take the pin away; the link stays approved."""
    return _change(
        link, Action.UNPIN, lambda state: state | {"is_pinned": False}, user=user, version=version
    )


def reopen(link: LinkRef, *, user: Any, version: int) -> Decision:
    """Take a decision back: the pair may be suggested again."""
    return _change(link, Action.REOPEN, lambda state: OPEN, user=user, version=version)


def move(link: LinkRef, *, up: bool, user: Any, version: int) -> None:
    """Move an approved link one place up or down among the slot's approved links.

    Pinned links stay before the others; a move beyond either end changes nothing.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    with one_click():
        listed = list(
            Decision.objects.approved()
            .filter(document=link.document, slot=link.slot)
            .in_order()
            .select_related("target")
        )
        index = next((i for i, d in enumerate(listed) if d.target_id == link.target.pk), None)
        if index is None or listed[index].version != version:
            raise conflict_at(link, user)
        other = index - 1 if up else index + 1
        if not 0 <= other < len(listed) or listed[index].is_pinned != listed[other].is_pinned:
            return
        listed[index], listed[other] = listed[other], listed[index]
        changes = [
            Change(
                LinkRef(link.document, link.slot, decision.target),
                Action.MOVE,
                partial(_with_position, position=position),
                decision.version,
            )
            for position, decision in enumerate(listed)
            if decision.position != position
        ]
        change_decisions(changes, user=user)


def _change(
    link: LinkRef, action: Action, apply: Callable[[State], State], *, user: Any, version: int
) -> Decision:
    (decision,) = change_decisions([Change(link, action, apply, version)], user=user)
    return decision


def _evidence(link: LinkRef) -> State:
    """The machine's view at the moment of the decision: similarity, score and shared words.

    Without a score where the slot does not suggest the link: an earlier one stays.
    """
    suggestions = list(
        Suggestion.objects.served()
        .filter(document=link.document, target=link.target)
        .order_by("pk")
    )
    if not suggestions:
        similarity, reasons = compare_documents(link.document, link.target)
        return {"similarity": similarity, "reasons": reasons, "is_bulk": False}
    evidence = {
        "similarity": suggestions[0].similarity,
        "reasons": suggestions[0].reasons,
        "is_bulk": False,
    }
    here = [each.score for each in suggestions if each.slot_id == link.slot.pk]
    return evidence | {"score": here[0]} if here else evidence


def _approved(link: LinkRef, note: str = "") -> Callable[[State], State]:
    new = _evidence(link) | {"verdict": Verdict.APPROVED.value, "note": note}
    return lambda state: state | new


def _with_position(state: State, position: int) -> State:
    return state | {"position": position}
