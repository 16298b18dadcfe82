"""Filling the places that articles leave: the reserves of all pages are approved as one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from related.domain.decisions.conflicts import DecisionConflict, NotReviewable
from related.domain.decisions.evidence import evidence_of
from related.domain.decisions.writing import (
    OPEN,
    Change,
    LinkRef,
    State,
    change_decisions,
    setting,
)
from related.domain.takedown.holes import LinkingPage
from related.enums import Action
from related.models import Decision, Document


@dataclass(frozen=True, slots=True)
class Filling:
    """A link that takes the place of another, with both versions that the editor saw."""

    link: LinkRef
    version: int
    old: Document
    old_version: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled, all of it by one operation of the log.

    n_left: places in which somebody decided meanwhile, or whose reserve is barred by now; they stay
    as they are.
    """

    operation: UUID
    n_links: int
    n_pages: int
    n_left: int


def best_fillings(pages: Iterable[LinkingPage]) -> list[Filling]:
    """The best reserve of each place, where the user decides."""
    return [
        Filling(
            LinkRef(page.document, hole.slot, hole.reserve.document),
            hole.reserve.version,
            hole.lost.target,
            hole.lost.version,
        )
        for page in pages
        for hole in page.holes
        if page.may_fill and hole.reserve is not None
    ]


def fill(fillings: Sequence[Filling], *, user: Any) -> Filled:
    """Approve each reserve in the place of the old link, which is open again afterwards.

    A conflict costs the place in which it is, not the others.
    """
    operation = uuid4()
    evidence = evidence_of([filling.link for filling in fillings])
    changes = _changes(fillings, evidence)
    filled = [*fillings]
    # All places at once, which is quicker; where one cannot be filled any more, one by one.
    if not _is_filled([change for pair in changes for change in pair], user, operation):
        filled = [
            filling
            for filling, pair in zip(fillings, changes, strict=True)
            if _is_filled(pair, user, operation)
        ]
    pages = {filling.link.document.pk for filling in filled}
    return Filled(operation, len(filled), len(pages), len(fillings) - len(filled))


def _changes(fillings: Sequence[Filling], evidence: Sequence[State]) -> list[list[Change]]:
    """Of each place: its old link is open again, and the reserve is approved there."""
    places = _places_of(fillings)
    changes = []
    for filling, new in zip(fillings, evidence, strict=True):
        link = filling.link
        old = LinkRef(link.document, link.slot, filling.old)
        place = places.get((link.document.pk, link.slot.pk, filling.old.pk), {})
        changes.append(
            [
                Change(old, Action.REOPEN, setting(OPEN), filling.old_version),
                Change(link, Action.APPROVE, setting(OPEN | new | place), filling.version),
            ]
        )
    return changes


def _is_filled(changes: Sequence[Change], user: Any, operation: UUID) -> bool:
    try:
        change_decisions(changes, user=user, operation=operation)
    except (DecisionConflict, NotReviewable):
        return False
    return True


def _places_of(fillings: Sequence[Filling]) -> dict[tuple[int, int, int], State]:
    """Where each old link stands in its slot: its order and its pin pass on."""
    olds = Decision.objects.approved().filter(
        document__in={filling.link.document.pk for filling in fillings},
        target__in={filling.old.pk for filling in fillings},
    )
    return {
        (old.document_id, old.slot_id, old.target_id): {
            "is_pinned": old.is_pinned,
            "position": old.position,
        }
        for old in olds
    }
