"""One link in the place of another: its pin and its position in the slot, with one click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from related.domain.decisions.conflicts import one_click
from related.domain.decisions.evidence import evidence, evidence_of
from related.domain.decisions.ordering import listed_links, moves
from related.domain.decisions.writing import (
    OPEN,
    Change,
    LinkRef,
    State,
    change_decisions,
    conflict_at,
    setting,
)
from related.enums import Action, Verdict
from related.models import Decision, Document


def replace(link: LinkRef, *, user: Any, version: int, old: Document, old_version: int) -> Decision:
    """Approve a better link in place of an approved one, which is open again afterwards.

    Raises:
        DecisionConflict: either decision changed since the editor saw it; nothing was saved.
    """
    old_link = LinkRef(link.document, link.slot, old)
    with one_click():
        listed = listed_links(link)
        replaced = _approved(listed, old_link)
        if replaced is None or replaced.version != old_version:
            raise conflict_at(old_link, user)
        place, others = _place_of(listed, replaced)
        new = OPEN | evidence_of([link])[0] | place
        changes = [
            Change(old_link, Action.REOPEN, setting(OPEN), old_version),
            Change(link, Action.APPROVE, setting(new), version),
        ]
        decisions = change_decisions([*changes, *others], user=user)
    return next(decision for decision in decisions if decision.target_id == link.target.pk)


def swap(
    link: LinkRef, *, user: Any, version: int, reserve: Document, reserve_version: int
) -> None:
    """Approve the next one in place of a link, which is not wanted in this slot.

    Raises:
        DecisionConflict: either decision changed since the editor saw it; nothing was saved.
    """
    new_link = LinkRef(link.document, link.slot, reserve)
    with one_click():
        listed = listed_links(link)
        replaced = _approved(listed, link)
        place, others = ({}, []) if replaced is None else _place_of(listed, replaced)
        out = OPEN | evidence(link) | {"verdict": Verdict.NOT_HERE.value}
        new = OPEN | evidence_of([new_link])[0] | place
        changes = [
            Change(link, Action.NOT_HERE, setting(out), version),
            Change(new_link, Action.APPROVE, setting(new), reserve_version),
        ]
        change_decisions([*changes, *others], user=user)


def _approved(listed: Sequence[Decision], link: LinkRef) -> Decision | None:
    return next((each for each in listed if each.target_id == link.target.pk), None)


def _place_of(listed: Sequence[Decision], replaced: Decision) -> tuple[State, list[Change]]:
    """What puts a link where another one stands, and the changes that this takes: links without a
    position stand by their age, and behind them a newer one would come last."""
    place: State = {"is_pinned": replaced.is_pinned, "position": replaced.position}
    at = next(n for n, each in enumerate(listed) if each.pk == replaced.pk)
    is_last = all(each.is_pinned != replaced.is_pinned for each in listed[at + 1 :])
    if replaced.position is not None or is_last:
        return place, []
    return place | {"position": at}, [*moves(listed[:at]), *moves(listed[at + 1 :], first=at + 1)]
