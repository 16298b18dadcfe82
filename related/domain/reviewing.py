"""What editors do: the one declared path for every change of a decision."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from related.domain.deciding import (
    OPEN,
    STATE_FIELDS,
    DecisionConflict,
    NotReviewable,
    Place,
    State,
    change_decision,
    conflict_at,
    evidence_for,
)
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document

__all__ = [
    "OPEN",
    "STATE_FIELDS",
    "DecisionConflict",
    "NotReviewable",
    "Place",
    "approve",
    "approve_many",
    "last_operation",
    "may_look",
    "may_review",
    "move",
    "pin",
    "reject",
    "reopen",
    "replace",
    "undo",
    "unpin",
]


def may_look(user: Any) -> bool:
    """Whether a user may see suggestions and decisions."""
    return bool(
        user.has_perm("related.view_suggestion") or user.has_perm("related.change_decision")
    )


def may_review(user: Any, document: Document, obj: Any) -> bool:
    """Whether a user may decide for a document: the permission, and the site's own rule."""
    return user.has_perm("related.change_decision") and document.source.may_review(user, obj)


def approve(
    place: Place, *, user: Any, version: int, note: str = "", operation: UUID | None = None
) -> Decision:
    """Approve a link. ``version`` is the decision's version that the editor saw, 0 for none.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
        NotReviewable: the target is the document itself.
    """
    new = evidence_for(place) | {"verdict": Verdict.APPROVED.value, "note": note}
    return change_decision(
        place,
        Action.APPROVE,
        lambda state: state | new,
        user=user,
        version=version,
        operation=operation,
    )


def approve_many(seen: Sequence[tuple[Place, int]], *, user: Any) -> None:
    """Approve several links with one click: all of them, or none.

    Args:
        seen: each link with its decision's version that the editor saw.

    Raises:
        DecisionConflict: one of the decisions changed since; nothing was saved.
    """
    operation = uuid4()
    with transaction.atomic():
        for place, version in seen:
            approve(place, user=user, version=version, operation=operation)


def replace(place: Place, *, user: Any, version: int, old: Document, old_version: int) -> Decision:
    """Approve a better link in the place of an approved one, which is open again afterwards.

    Raises:
        DecisionConflict: either decision changed since the editor saw it; nothing was saved.
    """
    old_place = Place(place.document, place.slot, old)
    operation = uuid4()
    with transaction.atomic():
        replaced = (
            Decision.objects.approved()
            .filter(document=place.document, slot=place.slot, target=old, version=old_version)
            .first()
        )
        if replaced is None:
            raise conflict_at(old_place, user)
        new = evidence_for(place) | {
            "verdict": Verdict.APPROVED.value,
            "is_pinned": replaced.is_pinned,
            "position": replaced.position,
        }
        change_decision(
            old_place,
            Action.REOPEN,
            lambda state: OPEN,
            user=user,
            version=old_version,
            operation=operation,
        )
        return change_decision(
            place,
            Action.APPROVE,
            lambda state: OPEN | new,
            user=user,
            version=version,
            operation=operation,
        )


def reject(place: Place, *, user: Any, version: int, note: str = "") -> Decision:
    """Reject a pair: its target is not offered to the document again, in any slot."""
    new = OPEN | evidence_for(place) | {"verdict": Verdict.REJECTED.value, "note": note}
    return change_decision(place, Action.REJECT, lambda state: new, user=user, version=version)


def pin(place: Place, *, user: Any, version: int) -> Decision:
    """Approve a link and put it before all others of its slot."""
    new = evidence_for(place) | {"verdict": Verdict.APPROVED.value, "is_pinned": True}
    return change_decision(place, Action.PIN, lambda state: state | new, user=user, version=version)


def unpin(place: Place, *, user: Any, version: int) -> Decision:
    """Take the pin away; the link stays approved."""
    return change_decision(
        place, Action.UNPIN, lambda state: state | {"is_pinned": False}, user=user, version=version
    )


def reopen(place: Place, *, user: Any, version: int) -> Decision:
    """Take a decision back: the pair may be suggested again."""
    return change_decision(place, Action.REOPEN, lambda state: OPEN, user=user, version=version)


def move(place: Place, *, up: bool, user: Any, version: int) -> None:
    """Move an approved link one place up or down among the slot's approved links.

    Pinned links stay before the others; a move beyond either end changes nothing.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    with transaction.atomic():
        listed = list(
            Decision.objects.approved()
            .filter(document=place.document, slot=place.slot)
            .in_order()
            .select_related("target")
        )
        index = next((i for i, d in enumerate(listed) if d.target_id == place.target.pk), None)
        if index is None or listed[index].version != version:
            raise conflict_at(place, user)
        other = index - 1 if up else index + 1
        if not 0 <= other < len(listed) or listed[index].is_pinned != listed[other].is_pinned:
            return
        listed[index], listed[other] = listed[other], listed[index]
        operation = uuid4()
        for position, decision in enumerate(listed):
            if decision.position != position:
                change_decision(
                    Place(place.document, place.slot, decision.target),
                    Action.MOVE,
                    partial(_with_position, position=position),
                    user=user,
                    version=decision.version,
                    operation=operation,
                )


def undo(operation: UUID, *, user: Any) -> None:
    """Put back what stood before one click, unless one of its decisions changed again since.

    Raises:
        DecisionConflict: it did change again.
    """
    entries = DecisionLog.objects.filter(operation=operation).exclude(action=Action.UNDO)
    with transaction.atomic():
        undone = uuid4()
        for entry in entries.select_related("document", "slot", "target"):
            change_decision(
                Place(entry.document, entry.slot, entry.target),
                Action.UNDO,
                partial(_restored, before=entry.before),
                user=user,
                version=entry.version,
                operation=undone,
            )


def last_operation(document: Document, user: Any) -> list[DecisionLog]:
    """The entries of the user's latest click on this document, if it can still be undone."""
    latest = DecisionLog.objects.filter(document=document, actor=user).first()
    if latest is None or latest.action == Action.UNDO:
        return []
    entries = list(
        DecisionLog.objects.filter(operation=latest.operation).select_related("slot", "target")
    )
    versions = {
        (d.slot_id, d.target_id): d.version for d in Decision.objects.filter(document=document)
    }
    if any(versions.get((e.slot_id, e.target_id)) != e.version for e in entries):
        return []
    return entries


def _with_position(state: State, position: int) -> State:
    return state | {"position": position}


def _restored(state: State, before: State) -> State:
    return before
