"""Several hosts, for real: what a second worker host brings, what the network carries, what a cut
cable and a wrong clock do.

    python -m benchmarks.hosts --articles 5000 [--keep DIRECTORY]

Needs root, iproute2, and libfaketime for the stage with the clock. Database and broker, web, and
two worker hosts each have a network namespace, joined by a switch; worker host A has the first
processor to itself among the worker hosts, B the second. The database works on both, so the
processor time of each host stands beside the clock. Exit code 1 when anything is stale at the end,
or a clock makes publishes late.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.hosting.network import DATABASE, Network
from benchmarks.hosting.reporting import run
from benchmarks.hosting.stage import Stage

KINDS = ("nightly", "cold")
STAGES = ("publishes", "rebuilds", "cut", "clock")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--publishes", type=int, default=200)
    parser.add_argument("--every", type=float, default=0.5, help="seconds between publishes")
    parser.add_argument("--rebuilds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=STAGES)
    parser.add_argument("--keep", type=Path, help="directory for the filled database")
    parser.add_argument("--network", help=argparse.SUPPRESS)  # which is there already
    options = parser.parse_args()
    if options.network is None:
        return outside(f"nr{os.getpid()}")
    for number in (signal.SIGTERM, signal.SIGINT):  # whatever was started is stopped
        signal.signal(number, lambda *_: sys.exit(130))
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="newsroom-hosts-") as folder,
        Stage(Network(options.network), Path(folder), options.keep) as stage,
    ):
        return run(stage, options)


def outside(prefix: str) -> int:
    """Make the network, and go on on the host of the database."""
    command = [sys.executable, "-m", "benchmarks.hosts", *sys.argv[1:], "--network", prefix]
    with Network(prefix) as network:
        inside = subprocess.Popen([*network.inside(DATABASE), *command])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: inside.terminate())
        return inside.wait()


if __name__ == "__main__":
    sys.exit(main())
