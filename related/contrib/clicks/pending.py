"""What was counted and is not written yet, in the memory of this process."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from threading import Lock
from typing import NamedTuple

from related.contrib.clicks.events import Event


class Link(NamedTuple):
    """A link on a page on a day, as beacons name it."""

    day: date
    document: str
    slot: str
    place: int
    target: str


Counts = dict[Link, tuple[int, int]]  # how often shown, how often clicked


class Pending:
    """Counts of links in the order in which they came; of too many, the oldest are dropped."""

    def __init__(self) -> None:
        self._counts: Counts = {}
        self._lock = Lock()
        self.n_events = 0  # since they were taken
        self.n_dropped = 0  # links, since the process started

    def __len__(self) -> int:
        return len(self._counts)

    def add(self, events: Iterable[Event], day: date, most: int) -> None:
        """Count events; keep at most so many links."""
        with self._lock:
            for event in events:
                link = Link(day, event.document, event.slot, event.place, event.target)
                shown, clicked = self._counts.get(link, (0, 0))
                self._counts[link] = shown + (not event.is_click), clicked + event.is_click
                self.n_events += 1
            self._drop(most)

    def take(self) -> Counts:
        """All that is pending, which is the caller's from now on."""
        with self._lock:
            counts, self._counts, self.n_events = self._counts, {}, 0
            return counts

    def give_back(self, counts: Counts, most: int) -> None:
        """What could not be written: it came before what was counted meanwhile."""
        with self._lock:
            for link, (shown, clicked) in self._counts.items():
                before = counts.get(link, (0, 0))
                counts[link] = before[0] + shown, before[1] + clicked
            self._counts = counts
            self._drop(most)

    def _drop(self, most: int) -> None:
        while len(self._counts) > most:
            del self._counts[next(iter(self._counts))]
            self.n_dropped += 1
