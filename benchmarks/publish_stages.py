"""Where a publish's time goes: `python -m benchmarks.publish_stages 100`, in one warm process.

Prints JSON: milliseconds of each stage per publish, without those of the stages inside it.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

N_WARM_UP = 5


class Stages:
    """A stopwatch per stage; entering one halts that of the stage around it."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open = ["other"]
        self._since = time.perf_counter()

    @contextmanager
    def within(self, stage: str) -> Iterator[None]:
        self._tick()
        self._open.append(stage)
        try:
            yield
        finally:
            self._tick()
            self._open.pop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def time_calls(self, owner: Any, name: str, stage: str) -> None:
        """Time every call of a function or method, found where its callers look for it."""
        timed: Callable[..., Any] = getattr(owner, name)

        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self.within(stage):
                return timed(*args, **kwargs)

        setattr(owner, name, wrapper)

    def time_query(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        """For ``connection.execute_wrapper``."""
        is_read = sql.lstrip("( ").startswith("SELECT")
        with self.within("queries" if is_read else "writes"):
            return execute(sql, *arguments)

    def take(self) -> dict[str, float]:
        """Seconds per stage since the last time."""
        self._tick()
        taken, self.seconds = dict(self.seconds), defaultdict(float)
        return taken


def main(n_publishes: int) -> None:
    from django.db import connection

    from benchmarks.publish_measure import Desk
    from related.domain.corpus.live import LiveCorpus
    from related.domain.indexing import processing
    from related.domain.suggesting import rows
    from related.similarity.index.search import Index

    stages = Stages()
    stages.time_calls(processing, "analyze", "analysis")
    stages.time_calls(Index, "search", "search")
    stages.time_calls(LiveCorpus, "put", "lists")
    stages.time_calls(rows, "suggest", "rules")
    stages.time_calls(rows, "explain_pairs", "reasons")
    stages.time_calls(connection, "commit", "commit")
    desk = Desk()
    processing.process()
    taken = []
    with connection.execute_wrapper(stages.time_query):
        for _ in range(N_WARM_UP + n_publishes):
            key = desk.publish()
            stages.take()
            processing.process()
            taken.append(stages.take())
            if not desk.with_links([key]):
                raise SystemExit(f"Article {key} was published, but has no links.")
    names = sorted({name for seconds in taken for name in seconds})
    medians = {
        name: statistics.median(1000 * seconds.get(name, 0) for seconds in taken[N_WARM_UP:])
        for name in names
    }
    print(json.dumps(medians))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    main(int(sys.argv[1]))
