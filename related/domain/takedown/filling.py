"""Filling the places that articles leave: the reserves of all pages are approved as one step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from related.domain.decisions.conflicts import DecisionConflict
from related.domain.decisions.reviewing import evidence_of
from related.domain.decisions.writing import OPEN, Change, LinkRef, State, change_decisions
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

    n_left: places in which somebody decided meanwhile; they stay as they are.
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

    A conflict costs the page on which it is, not the others.
    """
    operation = uuid4()
    by_page: dict[int, list[Change]] = defaultdict(list)
    places = _places_of(fillings)
    evidence = evidence_of([filling.link for filling in fillings])
    for filling, new in zip(fillings, evidence, strict=True):
        link = filling.link
        old = LinkRef(link.document, link.slot, filling.old)
        place = places.get((link.document.pk, link.slot.pk, filling.old.pk), {})
        by_page[link.document.pk] += [
            Change(old, Action.REOPEN, lambda state: OPEN, filling.old_version),
            Change(link, Action.APPROVE, partial(_with, new=new | place), filling.version),
        ]
    changed = _change(by_page, user, operation)
    n_links = sum(filling.link.document.pk in changed for filling in fillings)
    return Filled(operation, n_links, len(changed), len(fillings) - n_links)


def _change(by_page: dict[int, list[Change]], user: Any, operation: UUID) -> set[int]:
    """All pages at once, which is quicker; where somebody decided meanwhile, page by page."""
    try:
        everything = [change for changes in by_page.values() for change in changes]
        change_decisions(everything, user=user, operation=operation)
    except DecisionConflict:
        return {page for page, changes in by_page.items() if _is_changed(changes, user, operation)}
    return set(by_page)


def _is_changed(changes: Sequence[Change], user: Any, operation: UUID) -> bool:
    try:
        change_decisions(changes, user=user, operation=operation)
    except DecisionConflict:
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


def _with(state: State, *, new: State) -> State:
    return OPEN | new
