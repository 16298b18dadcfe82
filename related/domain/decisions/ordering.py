"""The order of the approved links of a slot: one place up or down, or to a place by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from related.domain.decisions.conflicts import one_click
from related.domain.decisions.evidence import evidence_of
from related.domain.decisions.writing import (
    Change,
    LinkRef,
    change_decisions,
    conflict_at,
    setting,
)
from related.enums import Action
from related.models import Decision


def move(link: LinkRef, *, up: bool, user: Any, version: int) -> bool:
    """Move an approved link one place up or down among the slot's approved links.

    Pinned links stay before the others; a move beyond either end changes nothing.

    Returns:
        Whether it moved.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    with one_click():
        listed = listed_links(link)
        index = _index(listed, link, version, user)
        return _put(listed, index, index - 1 if up else index + 1, user)


def place(link: LinkRef, number: int, *, user: Any, version: int) -> int:
    """Give a link a place in its slot, counted from 1; it is approved if it was not.

    Pinned links stay before the others, and a place behind the last one is the last.

    Returns:
        The place that it has now.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
    """
    with one_click():
        listed = listed_links(link)
        if any(decision.target_id == link.target.pk for decision in listed):
            index = _index(listed, link, version, user)
            same = [i for i, d in enumerate(listed) if d.is_pinned == listed[index].is_pinned]
            wanted = max(same[0], min(same[-1], number - 1))
            _put(listed, index, wanted, user)
        else:
            n_pinned = sum(decision.is_pinned for decision in listed)
            wanted = max(n_pinned, min(len(listed), number - 1))
            before, after = listed[:wanted], listed[wanted:]
            new = evidence_of([link])[0] | {"note": "", "position": wanted}
            own = Change(link, Action.APPROVE, setting(new), version)
            changes = [own, *moves(before), *moves(after, first=wanted + 1)]
            change_decisions(changes, user=user)
    return wanted + 1


def listed_links(link: LinkRef) -> list[Decision]:
    """The approved links of a slot, in their order."""
    approved = Decision.objects.approved().filter(document=link.document, slot=link.slot)
    return list(approved.in_order().select_related("target"))


def _index(listed: list[Decision], link: LinkRef, version: int, user: Any) -> int:
    index = next((i for i, d in enumerate(listed) if d.target_id == link.target.pk), None)
    if index is None or listed[index].version != version:
        raise conflict_at(link, user)
    return index


def _put(listed: list[Decision], index: int, wanted: int, user: Any) -> bool:
    if not 0 <= wanted < len(listed) or listed[index].is_pinned != listed[wanted].is_pinned:
        return False
    listed.insert(wanted, listed.pop(index))
    change_decisions(moves(listed), user=user)
    return index != wanted


def moves(listed: Sequence[Decision], first: int = 0) -> list[Change]:
    """What gives each of these its place, from ``first`` on."""
    return [
        Change(
            LinkRef(decision.document, decision.slot, decision.target),
            Action.MOVE,
            setting({"position": position}),
            decision.version,
        )
        for position, decision in enumerate(listed, first)
        if decision.position != position
    ]
