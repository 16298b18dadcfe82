"""How long from publishing an article until its links stand in the API, through everything real.

    python -m benchmarks.publish --documents 100000 [--keep DIRECTORY]

A private PostgreSQL that waits for its disk, a private Redis, a Celery worker with two processes
and the site's own API view; made-up articles fill the archive. Prints the latencies and where the
time goes, and exits with 1 when a promise is broken. With ``--keep`` the filled databases stay in
that directory, and the next run begins at once.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from pathlib import Path

from benchmarks.filled import filled_project, run
from benchmarks.latencies import machine, percentile
from benchmarks.publish_measure import N_WARM_UP
from tests.services.project import Project
from tests.services.redis import RedisServer

MEASURE = "benchmarks.publish_measure"
STAGES = "benchmarks.publish_stages"
LONGEST_MEDIAN = 1.0  # seconds
LONGEST_P99 = 5.0
NO_LIMIT = "1000000/min"  # requests to the API: the looks whether links are there are many
HEADING = "| articles | publishes | p50 | p99 | longest | first of new workers | lists changed |"


def measure(project: Project, n_publishes: int, every: float) -> tuple[list[float], int]:
    """(seconds of each publish, lists that a publish changed in the median)."""
    with RedisServer() as redis:
        project.environment |= {"CELERY_BROKER_URL": redis.url, "API_RATE": NO_LIMIT}
        worker = project.start_worker("publish", concurrency=2)
        try:
            printed = run(
                project,
                *("-m", MEASURE, "--every", str(every)),
                *("--publishes", str(n_publishes)),
            )
        finally:
            worker.stop()
    changed = [int(n) for n in re.findall(r"n_lists_changed=(\d+)", worker.output) if int(n)]
    return [float(seconds) for seconds in printed.split()], round(statistics.median(changed))


def measure_stages(project: Project, n_publishes: int) -> dict[str, float]:
    """Milliseconds of each stage in a warm process, without a broker."""
    project.environment["CELERY_BROKER_URL"] = ""
    stages: dict[str, float] = json.loads(run(project, "-m", STAGES, str(n_publishes)))
    return stages


def show_stages(stages: dict[str, float], median: float) -> None:
    """A table of what the median publish's time goes to; what no stage takes is waiting."""
    worked = sum(stages.values())
    stages = stages | {"queue, wake-up, other processes": 1000 * median - worked}
    print("\n| where the time goes | ms | share |\n|---|---|---|")
    for name, ms in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"| {name} | {ms:.1f} | {ms / 10 / median:.0f} % |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[100_000])
    parser.add_argument("--publishes", type=int, default=200)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between publishes")
    parser.add_argument("--keep", type=Path, help="directory for the filled databases")
    options = parser.parse_args()
    print(machine())
    is_kept = True
    for size in options.documents:
        with filled_project(size, options.keep) as project:
            seconds, n_changed = measure(project, options.publishes, options.every)
            first, rest = seconds[:N_WARM_UP], seconds[N_WARM_UP:]
            median, p99 = statistics.median(rest), percentile(rest, 99)
            print(f"\n{HEADING}\n|---|---|---|---|---|---|---|")
            print(
                f"| {size:,} | {len(rest)} | {median:.3f} s | {p99:.3f} s | {max(rest):.3f} s "
                f"| {max(first):.1f} s | {n_changed} |",
                flush=True,
            )
            show_stages(measure_stages(project, min(100, options.publishes)), median)
            is_kept &= median <= LONGEST_MEDIAN and p99 <= LONGEST_P99
    print(
        f"\nPromised: p50 at most {LONGEST_MEDIAN:g} s, p99 at most {LONGEST_P99:g} s: "
        + ("kept." if is_kept else "BROKEN.")
    )
    return 0 if is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
