"""From publish to links in the API: in quiet, during a full rebuild, during a large import.

    python -m benchmarks.freshness --documents 50000 [--keep DIRECTORY]

The processes are those of docker-compose.yml: two for publishes, one for bulk work, the sweeper;
on a private PostgreSQL that waits for its disk and a private Redis. Articles are published at a
steady pace all the time. A phase ends when its rebuild has ended, or when the import and all the
work that it brought are done. Exits with 1 when a promise is broken.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.filled import FILL, filled_project, note, run
from benchmarks.latencies import machine, percentile
from benchmarks.publish import MEASURE, N_WARM_UP, NO_LIMIT
from tests.services.project import Project
from tests.services.redis import RedisServer

# Longest p99 of each phase, in seconds.
PROMISED = {"quiet": 10.0, "rebuild": 30.0, "rebuild --cold": 30.0, "import": 30.0}
SECONDS_OF_QUIET = 120
# The work of an import is done when nothing was left in three looks, so far apart.
SECONDS_BETWEEN_LOOKS = 2.0
BUSY = """
    SELECT EXISTS (SELECT 1 FROM related_document WHERE done_rev < want_rev AND priority > 0)
        OR EXISTS (SELECT 1 FROM related_rebuildrun WHERE status = 'running')
        OR EXISTS (SELECT 1 FROM related_corpus WHERE wanted_generation > generation)
"""


@contextmanager
def workers(project: Project) -> Iterator[None]:
    """The site's background processes, as docker-compose.yml has them."""
    with RedisServer() as redis:
        project.environment |= {"CELERY_BROKER_URL": redis.url, "API_RATE": NO_LIMIT}
        started = [
            project.start_worker("publish", concurrency=2),
            project.start_worker("bulk", concurrency=1),
            project.start([sys.executable, "manage.py", "process_related", "--loop"]),
        ]
        try:
            yield
        finally:
            for process in started:
                process.stop()


def measure(project: Project, every: float, work: Callable[[], None]) -> tuple[list[float], float]:
    """(seconds of each publish while ``work`` goes on, seconds that the work took)."""
    publisher = project.start([sys.executable, "-m", MEASURE, "--every", str(every)])
    # A worker that was idle reads what changed with its first publishes.
    publisher.wait_for(lambda: len(publisher.output.splitlines()) >= N_WARM_UP, seconds=300)
    started = time.monotonic()
    work()
    took = time.monotonic() - started
    publisher.popen.terminate()
    if publisher.popen.wait(timeout=600):
        raise RuntimeError(f"The publisher gave up:\n{publisher.output[-2000:]}")
    return [float(line) for line in publisher.output.splitlines()][N_WARM_UP:], took


def wait_until_done(project: Project) -> None:
    """Until no bulk work is left and no rebuild runs or is wanted."""
    n_idle = 0
    with psycopg.connect(project.environment["DATABASE_URL"], autocommit=True) as database:
        while n_idle < 3:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            row = database.execute(BUSY).fetchone()
            n_idle = 0 if row is None or row[0] else n_idle + 1


def rebuild(project: Project, *options: str) -> None:
    run(project, "manage.py", "rebuild_related", *options)


def import_archive(project: Project, path: Path) -> None:
    run(project, "manage.py", "import_articles", str(path))
    wait_until_done(project)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--imported", type=int, default=50_000)
    parser.add_argument("--every", type=float, default=2.0, help="seconds between publishes")
    parser.add_argument("--quiet", type=float, default=SECONDS_OF_QUIET, help="seconds of quiet")
    parser.add_argument("--phases", nargs="+", choices=list(PROMISED), default=list(PROMISED))
    parser.add_argument("--keep", type=Path, help="directory for the filled databases")
    options = parser.parse_args()
    print(machine())
    is_kept = True
    with filled_project(options.documents, options.keep) as project:
        archive = project.directory / "archive.jsonl"
        run(project, "-m", FILL, str(options.imported), "--file", str(archive))
        phases: dict[str, Callable[[], None]] = {
            "quiet": lambda: time.sleep(options.quiet),
            "rebuild": lambda: rebuild(project),
            "rebuild --cold": lambda: rebuild(project, "--cold"),
            "import": lambda: import_archive(project, archive),
        }
        note(f"{options.documents:,} articles, {options.imported:,} to be imported")
        print("| meanwhile | took | publishes | p50 | p99 | longest | promised p99 |")
        print("|---|---|---|---|---|---|---|")
        with workers(project):
            for name in options.phases:
                seconds, took = measure(project, options.every, phases[name])
                p99 = percentile(seconds, 99)
                print(
                    f"| {name} | {took:.0f} s | {len(seconds)} | {statistics.median(seconds):.2f} s"
                    f" | {p99:.2f} s | {max(seconds):.2f} s | {PROMISED[name]:g} s |",
                    flush=True,
                )
                is_kept &= p99 <= PROMISED[name]
    print("\nPromised latencies: " + ("kept." if is_kept else "BROKEN."))
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
