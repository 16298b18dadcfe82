"""What stands on a desk: one slot of it, the titles of its links."""

from __future__ import annotations

from collections.abc import Iterable

from related.domain.desk.context import DeskLink
from related.domain.desk.page import Desk
from related.domain.desk.slots import DeskSlot


def slot_of(desk: Desk, key: str) -> DeskSlot:
    return next(slot for slot in desk.slots if slot.key == key)


def titles(links: Iterable[DeskLink]) -> list[str]:
    return [link.target.title for link in links]
