"""What apps of the site notice of links on a page: each is one more reason to look at it.

An app says here how it finds what it noticed; nothing here knows which apps there are. Without one
no query is made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from related.enums import ReviewReason


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something about a link that stands on a page."""

    slot_id: int
    target_id: int
    remark: str  # a few words for the link's card
    reason: ReviewReason = ReviewReason.READERS


# Ids of documents -> by document, what was noticed of its links; one query for any number of them.
Notice = Callable[[Sequence[int]], Mapping[int, Iterable[Noticed]]]

_notices: list[Notice] = []


def register_notice(notice: Notice) -> None:
    """Ask a function whenever it is computed what pages need an editor for."""
    if notice not in _notices:
        _notices.append(notice)


def unregister_notice(notice: Notice) -> None:
    """Do not ask a function any more; nothing happens where it was not asked."""
    if notice in _notices:
        _notices.remove(notice)


def find_noticed(document_ids: Sequence[int]) -> dict[int, list[Noticed]]:
    """By document, what the apps of the site noticed of its links."""
    found: dict[int, list[Noticed]] = defaultdict(list)
    for notice in _notices:
        for document_id, noticed in notice(document_ids).items():
            found[document_id] += noticed
    return found
