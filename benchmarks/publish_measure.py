"""Publish articles at a steady pace and print for each the seconds until the API shows its links.

    python -m benchmarks.publish_measure --every 1 [--publishes 100]

Without a number it goes on until SIGTERM, then waits for what is still under way. The clock of a
publish starts when it was planned: a save that hangs delays the next ones, and they count that.
The first ``N_WARM_UP`` come in pairs, and each pair waits for the links of the one before: in these
a new worker's processes read the corpus. ``publish.py`` tells their times beside the others'.
An article repeats parts of two others, as an update of a story does.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from typing import Any

import django

SECONDS_BETWEEN_LOOKS = 0.02
N_WARM_UP = 6
ASKED_AT_ONCE = 20  # documents of one request to the API
PATIENCE = 300  # seconds after which links will not come any more


class Desk:
    """Writes drafts, publishes them, and looks whether their links have come."""

    def __init__(self) -> None:
        from django.test import Client

        from newsroom.articles.models import Article, Status

        self.articles = Article.objects
        self.client = Client(SERVER_NAME="localhost")
        self.chance = random.Random(2)
        published = Article.objects.filter(status=Status.PUBLISHED)
        self.keys = list(published.values_list("pk", flat=True))
        self.draft = self.write_draft()

    def write_draft(self) -> Any:
        one, two = self.articles.filter(pk__in=self.chance.sample(self.keys, 2))
        return self.articles.create(
            title=f"{one.title}, update",
            body=one.body[: len(one.body) // 2] + " " + two.body[: len(two.body) // 2],
            section=one.section,
            language=one.language,
        )

    def publish(self) -> int:
        """The primary key of what was published."""
        from newsroom.articles import publishing

        publishing.publish(self.draft)
        key: int = self.draft.pk
        self.draft = self.write_draft()
        return key

    def with_links(self, keys: list[int]) -> list[int]:
        """Those of the articles whose slot "related" has something to show."""
        query = "&".join(f"id=newsroom.article:{key}" for key in keys)
        answer = self.client.get(f"/api/v1/links/?{query}")
        if answer.status_code != 200:
            raise SystemExit(f"The API answered {answer.status_code}: {answer.content[:500]!r}")
        return [
            int(page["document"]["id"])
            for page in answer.json()["results"]
            if page["slots"]["related"]["items"]
        ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between publishes")
    parser.add_argument("--publishes", type=int, default=sys.maxsize)
    options = parser.parse_args()
    n_left: int = options.publishes

    def stop(*_: object) -> None:
        nonlocal n_left
        n_left = 0

    signal.signal(signal.SIGTERM, stop)
    desk = Desk()
    waiting: dict[int, float] = {}  # article -> when it was to be published
    for _ in range(N_WARM_UP // 2):
        waiting |= {desk.publish(): time.monotonic() for _ in range(2)}
        while waiting:
            tell_arrived(desk, waiting)
    planned = time.monotonic() + options.every
    while n_left > 0 or waiting:
        if n_left > 0 and time.monotonic() >= planned:
            waiting[desk.publish()] = planned
            planned += options.every
            n_left -= 1
        tell_arrived(desk, waiting)


def tell_arrived(desk: Desk, waiting: dict[int, float]) -> None:
    """Print the seconds of those whose links have come, and forget them."""
    oldest = list(waiting)[:ASKED_AT_ONCE]
    for key in desk.with_links(oldest) if oldest else []:
        print(f"{time.monotonic() - waiting.pop(key):.3f}", flush=True)
    if waiting and time.monotonic() - min(waiting.values()) > PATIENCE:
        raise SystemExit(f"No links after {PATIENCE} s; is a worker running?")
    time.sleep(SECONDS_BETWEEN_LOOKS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    main()
