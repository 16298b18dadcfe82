"""What a beacon says: which links came into view and which were clicked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

MAX_BYTES = 32_000  # of a beacon
MAX_EVENTS = 200
MAX_PLACE = 20  # as many links as a slot may have
MAX_REFERENCE = 300  # characters of app_label.model:id


class Event(NamedTuple):
    """One link, by what outsiders know of it."""

    document: str
    slot: str
    place: int
    target: str
    is_click: bool


def read_events(body: bytes) -> list[Event]:
    """The events of a beacon: ``{"shown": [[document, slot, place, target], …], "clicked": […]}``.

    A link counts once in each list. What is no event is left out.

    Raises:
        ValueError: it is no beacon, or holds too many events.
    """
    beacon = orjson.loads(body)  # a JSONDecodeError is a ValueError
    if not isinstance(beacon, dict):
        raise ValueError("A beacon is an object.")  # noqa: TRY004 - of what was sent
    lists = [beacon.get("shown", []), beacon.get("clicked", [])]
    if not all(isinstance(some, list) for some in lists):
        raise ValueError("“shown” and “clicked” are lists.")
    if sum(map(len, lists)) > MAX_EVENTS:
        raise ValueError(f"A beacon has at most {MAX_EVENTS} events.")
    shown, clicked = lists
    return [*dict.fromkeys([*_events(shown, is_click=False), *_events(clicked, is_click=True)])]


def _events(rows: list[Any], *, is_click: bool) -> Iterator[Event]:
    for row in rows:
        match row:
            case [str(document), str(slot), int(place), str(target)] if (
                max(len(document), len(target)) <= MAX_REFERENCE
                and len(slot) <= 50
                and 1 <= place <= MAX_PLACE
            ):
                yield Event(document, slot, int(place), target, is_click)
