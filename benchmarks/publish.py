"""How long from publishing an article until its links stand in the API, through everything real.

    python -m benchmarks.publish --sizes 26680 100000

A private PostgreSQL, a private Redis, a Celery worker and the site's own API view; seeded synthetic
articles fill the archive. Prints the machine, the sizes, p50 and p99.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.services.postgres import PostgresServer
from tests.services.project import ROOT, Project
from tests.services.redis import RedisServer

FILL = "benchmarks.publish_fill"
MEASURE = "benchmarks.publish_measure"


def measure_new(size: int, n_publishes: int) -> tuple[list[float], float, float]:
    """(seconds of each publish, of the first one of a new worker, of the rebuild)."""
    with (
        tempfile.TemporaryDirectory() as folder,
        PostgresServer() as postgres,
        postgres.database() as url,
        Project(Path(folder), DATABASE_URL=url, CELERY_BROKER_URL="", TMPDIR=folder) as project,
    ):
        project.manage("migrate", "--verbosity", "0")
        run(project, "-m", FILL, str(size))
        started = time.monotonic()
        run(project, "manage.py", "rebuild_related")
        rebuilt = time.monotonic() - started
        return *measure_publishes(project, n_publishes), rebuilt


def measure_publishes(project: Project, n_publishes: int) -> tuple[list[float], float]:
    """(seconds of each publish, of the first one of a new worker)."""
    with RedisServer() as redis:
        project.environment |= {"CELERY_BROKER_URL": redis.url, "API_RATE": "1000000/min"}
        worker = project.start_worker("publish", concurrency=1)
        try:
            first, *rest = run(project, "-m", MEASURE, str(n_publishes + 1)).split()
        finally:
            worker.stop()
        return [float(seconds) for seconds in rest], float(first)


def run(project: Project, *arguments: str) -> str:
    """Run to the end however long it takes; its errors are shown."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=project.environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[26_680, 100_000])
    parser.add_argument("--publishes", type=int, default=100)
    parser.add_argument(
        "--database", help="Publish into this (migrated, rebuilt) database, in place of new ones."
    )
    options = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print("| articles | publishes | p50 | p99 | longest | first of a new worker | rebuild |")
    print("|---|---|---|---|---|---|---|")
    if options.database:
        with (
            tempfile.TemporaryDirectory() as folder,
            Project(Path(folder), DATABASE_URL=options.database) as project,
        ):
            show("as found", *measure_publishes(project, options.publishes))
        return
    for size in options.sizes:
        show(f"{size:,}", *measure_new(size, options.publishes))


def show(size: str, seconds: list[float], first: float, rebuilt: float | None = None) -> None:
    p99 = statistics.quantiles(seconds, n=100, method="inclusive")[98]
    print(
        f"| {size} | {len(seconds)} | {statistics.median(seconds):.3f} s | {p99:.3f} s "
        f"| {max(seconds):.3f} s | {first:.1f} s | "
        + (f"{rebuilt:.0f} s |" if rebuilt is not None else "not made |"),
        flush=True,
    )


if __name__ == "__main__":
    main()
