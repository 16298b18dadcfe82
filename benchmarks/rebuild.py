"""How long a whole rebuild takes, nightly and cold, by one worker and by two that share it.

    python -m benchmarks.rebuild --documents 25000 [--keep DIRECTORY]

A private PostgreSQL that waits for its disk, and workers in processes of their own without a
broker: one runs `rebuild_related`, the other is `process_related --loop`, which joins by itself.
The database works on the same processors, so two workers on two of them wait for it, where two
hosts would not; hence the workers' own processor time stands beside the clock.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

from benchmarks.filled import filled_project, run
from benchmarks.latencies import machine
from tests.services.project import Project

KINDS = {"nightly": (), "cold": ("--cold",)}


def measure(project: Project, n_workers: int, options: tuple[str, ...]) -> tuple[float, float]:
    """(seconds by the clock, processor seconds of all workers) of one rebuild."""
    before = processor_seconds()
    helpers = [
        project.start([sys.executable, "manage.py", "process_related", "--loop"])
        for _ in range(n_workers - 1)
    ]
    for helper in helpers:
        helper.wait_for_output("Working;")
    started = time.monotonic()
    run(project, "manage.py", "rebuild_related", *options)
    took = time.monotonic() - started
    for helper in helpers:
        helper.stop()
    return took, processor_seconds() - before


def processor_seconds() -> float:
    """Of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=25_000)
    parser.add_argument("--keep", type=Path, help="directory for the filled databases")
    options = parser.parse_args()
    print(machine())
    with filled_project(options.documents, options.keep) as project:
        print(f"\n{options.documents:,} documents")
        print("| rebuild | workers | clock | ms per document | processor time | of one's clock |")
        print("|---|---|---|---|---|---|", flush=True)
        for kind, arguments in KINDS.items():
            alone = 0.0
            for n_workers in (1, 2):
                took, used = measure(project, n_workers, arguments)
                alone = alone or took
                print(
                    f"| {kind} | {n_workers} | {took:.1f} s | {1000 * took / options.documents:.2f}"
                    f" | {used:.1f} s | {took / alone:.2f} |",
                    flush=True,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
