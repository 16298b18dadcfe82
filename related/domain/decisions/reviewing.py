"""What editors do: the one declared path for every change of a decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from related.domain.decisions.writing import (
    OPEN,
    STATE_FIELDS,
    Change,
    DecisionConflict,
    NotReviewable,
    Place,
    State,
    change_decisions,
    conflict_at,
    evidence_for,
    one_click,
)
from related.domain.documents.loading import load_objects
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document
from related.registry import registered

__all__ = [
    "OPEN",
    "STATE_FIELDS",
    "UNDO_REFUSED",
    "DecisionConflict",
    "NotReviewable",
    "Place",
    "approve",
    "approve_many",
    "last_operation",
    "may_look",
    "may_retry",
    "may_review",
    "move",
    "pin",
    "reject",
    "reopen",
    "replace",
    "undo",
    "undoing",
    "unpin",
]

UNDO_REFUSED = "Not undone: something changed since. The page shows the present state."


def may_look(user: Any) -> bool:
    """Whether a user may see suggestions and decisions."""
    return bool(
        user.has_perm("related.view_suggestion") or user.has_perm("related.change_decision")
    )


def may_review(user: Any, document: Document, obj: Any) -> bool:
    """Whether a user may decide for a document: the permission, and the site's own rule."""
    return user.has_perm("related.change_decision") and document.source.may_review(user, obj)


def may_retry(user: Any, documents: Sequence[Document]) -> list[Document]:
    """Those of some documents that a user may send to the workers once more.

    An object that is gone is nobody's section: its document is for those who review them all.
    """
    if not user.has_perm("related.change_document"):
        return []
    objects = load_objects(documents, public=False)
    is_for_all = all(source.review_sections(user) is None for source in registered().values())

    def is_theirs(document: Document) -> bool:
        if document.pk not in objects:
            return is_for_all
        try:
            return document.source.may_review(user, objects[document.pk])
        except Exception:  # noqa: BLE001 - the site's own code, which may be what failed before
            return is_for_all

    return [document for document in documents if is_theirs(document)]


def approve(place: Place, *, user: Any, version: int, note: str = "") -> Decision:
    """Approve a link. ``version`` is the decision's version that the editor saw, 0 for none.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
        NotReviewable: the target is the document itself.
    """
    return _change(place, Action.APPROVE, _approved(place, note), user=user, version=version)


def approve_many(seen: Sequence[tuple[Place, int]], *, user: Any) -> None:
    """Approve several links with one click: all of them, or none.

    Args:
        seen: each link with its decision's version that the editor saw.

    Raises:
        DecisionConflict: one of the decisions changed since; nothing was saved.
    """
    changes = [Change(place, Action.APPROVE, _approved(place), version) for place, version in seen]
    change_decisions(changes, user=user)


def replace(place: Place, *, user: Any, version: int, old: Document, old_version: int) -> Decision:
    """Approve a better link in the place of an approved one, which is open again afterwards.

    Raises:
        DecisionConflict: either decision changed since the editor saw it; nothing was saved.
    """
    old_place = Place(place.document, place.slot, old)
    with one_click():
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
        changes = [
            Change(old_place, Action.REOPEN, lambda state: OPEN, old_version),
            Change(place, Action.APPROVE, lambda state: OPEN | new, version),
        ]
        decisions = change_decisions(changes, user=user)
    return next(decision for decision in decisions if decision.target_id == place.target.pk)


def reject(place: Place, *, user: Any, version: int, note: str = "") -> Decision:
    """Reject a pair: its target is not offered to the document again, in any slot."""
    new = OPEN | evidence_for(place) | {"verdict": Verdict.REJECTED.value, "note": note}
    return _change(place, Action.REJECT, lambda state: new, user=user, version=version)


def pin(place: Place, *, user: Any, version: int) -> Decision:
    """Approve a link and put it before all others of its slot.

    The note of an approval stays; that of a rejection would now say the opposite.
    """
    new = evidence_for(place) | {"verdict": Verdict.APPROVED.value, "is_pinned": True}

    def pinned(state: State) -> State:
        return (OPEN if state["verdict"] == Verdict.REJECTED else state) | new

    return _change(place, Action.PIN, pinned, user=user, version=version)


def unpin(place: Place, *, user: Any, version: int) -> Decision:
    """Take the pin away; the link stays approved."""
    return _change(
        place, Action.UNPIN, lambda state: state | {"is_pinned": False}, user=user, version=version
    )


def reopen(place: Place, *, user: Any, version: int) -> Decision:
    """Take a decision back: the pair may be suggested again."""
    return _change(place, Action.REOPEN, lambda state: OPEN, user=user, version=version)


def move(place: Place, *, up: bool, user: Any, version: int) -> None:
    """Move an approved link one place up or down among the slot's approved links.

    Pinned links stay before the others; a move beyond either end changes nothing.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    with one_click():
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
        changes = [
            Change(
                Place(place.document, place.slot, decision.target),
                Action.MOVE,
                partial(_with_position, position=position),
                decision.version,
            )
            for position, decision in enumerate(listed)
            if decision.position != position
        ]
        change_decisions(changes, user=user)


def undo(operation: UUID, document: Document, *, user: Any) -> None:
    """Put back what stood on one document before one click: all of it, or nothing.

    What a bulk approval did on other documents stays.

    Raises:
        DecisionConflict: one of the decisions changed again since.
    """
    entries = DecisionLog.objects.filter(operation=operation, document=document)
    try:
        change_decisions(undoing(entries), user=user)
    except DecisionConflict as conflict:
        raise DecisionConflict(UNDO_REFUSED) from conflict


def undoing(entries: QuerySet[DecisionLog]) -> list[Change]:
    """The changes that take these entries of the log back; what is an undo itself is left out."""
    rows = entries.exclude(action=Action.UNDO).select_related("document", "slot", "target")
    return [
        Change(
            Place(entry.document, entry.slot, entry.target),
            Action.UNDO,
            partial(_restored, before=entry.before),
            entry.version,
        )
        for entry in rows
    ]


def last_operation(document: Document, user: Any) -> list[DecisionLog]:
    """The document's entries of the user's latest click on it, if it can still be undone."""
    latest = DecisionLog.objects.filter(document=document, actor=user).first()
    if latest is None or latest.action == Action.UNDO:
        return []
    entries = list(
        DecisionLog.objects.filter(operation=latest.operation, document=document).select_related(
            "slot", "target"
        )
    )
    versions = {
        (d.slot_id, d.target_id): d.version for d in Decision.objects.filter(document=document)
    }
    if any(versions.get((e.slot_id, e.target_id)) != e.version for e in entries):
        return []
    return entries


def _change(
    place: Place, action: Action, apply: Callable[[State], State], *, user: Any, version: int
) -> Decision:
    (decision,) = change_decisions([Change(place, action, apply, version)], user=user)
    return decision


def _approved(place: Place, note: str = "") -> Callable[[State], State]:
    new = evidence_for(place) | {"verdict": Verdict.APPROVED.value, "note": note}
    return lambda state: state | new


def _with_position(state: State, position: int) -> State:
    return state | {"position": position}


def _restored(state: State, before: State) -> State:
    return before
