"""An editor at work: approves, rejects, pins, takes back; every decision is written down.

    python -m benchmarks.faulting.process deciding JOURNAL --pace 0.3 --seed 1

Stops at SIGTERM. What the database answered with an error is looked up afterwards: it must be what
stood before or what was asked for, and counts as that from then on.
"""

from __future__ import annotations

import argparse
import random
import signal
import time
from pathlib import Path
from threading import Event

from django.contrib.auth.models import User
from django.db import DatabaseError, connection

from benchmarks.faulting.journal import Journal
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, Suggestion

PAUSE_BEFORE_RETRY = 0.3  # seconds
SHARE_OF_CHANGES = 0.4

Key = tuple[int, int, int]  # document, slot, target
Known = tuple[int, str, bool]  # version, verdict, is it pinned

AFTER = {
    "approve": lambda known: (known[0] + 1, "approved", known[2] and known[1] == "approved"),
    "reject": lambda known: (known[0] + 1, "rejected", False),
    "pin": lambda known: (known[0] + 1, "approved", True),
    "reopen": lambda known: (known[0] + 1, "open", False),
}


class Desk:
    """One editor's decisions, and what this editor remembers of them."""

    def __init__(self, seed: int, journal: Journal) -> None:
        self._chance = random.Random(f"decisions {seed}")
        self._journal = journal
        self._user, _ = User.objects.get_or_create(username="editor")
        self.known: dict[Key, Known] = {}

    def decide(self) -> None:
        place = self._place()
        if place is None:
            return
        key = (place.document.pk, place.slot.pk, place.target.pk)
        before = self.known.get(key, (0, Verdict.OPEN.value, False))
        action = self._chance.choice(list(AFTER))
        after = AFTER[action](before)
        try:
            getattr(reviewing, action)(place, user=self._user, version=before[0])
        except DatabaseError:
            after = self._look_up(key, before, after)
        if after != before:
            self.known[key] = after
            self._journal.write("decision", key=key, state=after, action=action)

    def _place(self) -> LinkRef | None:
        """A link decided before, or one that the machine suggests."""
        if self.known and self._chance.random() < SHARE_OF_CHANGES:
            document, slot, target = self._chance.choice(list(self.known))
            rows = Decision.objects.filter(document=document, slot=slot, target=target)
        else:
            rows = Suggestion.objects.served()
        # Rows vanish between the two queries while suggestions are rewritten.
        found = rows.select_related("document", "slot", "target").order_by("pk")
        n = found.count()
        row = found[self._chance.randrange(n) :][:1].first() if n else None
        return row and LinkRef(row.document, row.slot, row.target)

    def _look_up(self, key: Key, before: Known, after: Known) -> Known:
        """What stands in the database, once it answers again."""
        while True:
            connection.close()
            time.sleep(PAUSE_BEFORE_RETRY)
            try:
                row = Decision.objects.filter(
                    document=key[0], slot=key[1], target=key[2], version__gt=0
                ).first()
            except DatabaseError:
                continue
            found = (row.version, row.verdict, row.is_pinned) if row else before
            if found not in {before, after}:
                self._journal.write("surprise", key=key, state=found, expected=[before, after])
            return after if found == after else before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("journal", type=Path)
    parser.add_argument("--pace", type=float, required=True, help="seconds between decisions")
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    journal = Journal(options.journal)
    desk = Desk(options.seed, journal)
    journal.write("begun")
    while not stop.wait(options.pace):
        try:
            desk.decide()
        except DatabaseError:  # nothing was asked for yet
            connection.close()
