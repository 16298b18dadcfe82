"""Nothing is lost while everything breaks: publishing, deciding and rebuilding under faults.

    python -m benchmarks.faults --publishes 10000 --faults 500 --seed 1 --database postgresql

A private PostgreSQL and Redis, Celery workers, beat and sweeper under a supervisor; on SQLite two
sweepers. Within 120 s of the last fault everything published has to be processed; when the rebuild
that may be at work is over too, every document is compared with one computed again from the site's
texts, and again after a cold rebuild; every decision with the editor's own notes. Exit code 1 when
anything is stale, lost, changed, refused or late.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.faulting.reporting import report
from benchmarks.faulting.running import run
from benchmarks.faulting.stage import Plan


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publishes", type=int, default=10_000)
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--pace", type=float, default=0.05, help="seconds from save to save")
    parser.add_argument("--archive", type=int, default=2500, help="articles from the start")
    parser.add_argument("--silence", type=int, default=30, help="SILENCE_SECONDS of the workers")
    parser.add_argument("--keep", type=Path, help="keep logs and journals in this new folder")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):  # whatever was started is stopped
        signal.signal(number, lambda *_: sys.exit(130))
    plan = Plan(
        database=options.database,
        n_publishes=options.publishes,
        n_faults=options.faults,
        seed=options.seed,
        pace=options.pace,
        n_archive=options.archive,
        silence_seconds=options.silence,
        rebuild_seconds=120.0,
        min_snapshot=min(2000, options.archive // 2),
        disk_megabytes=2000,
        longest_save=1.5,
    )
    print(f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="newsroom-faults-") as folder:
        try:
            outcome = run(plan, Path(folder))
        finally:
            if options.keep:
                shutil.copytree(folder, options.keep)
    print(report(outcome))
    return 1 if outcome.broken else 0


if __name__ == "__main__":
    sys.exit(main())
