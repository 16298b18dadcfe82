"""Whether anybody can see what is hidden, after a hundred thousand steps of everybody else.

    python -m benchmarks.leaks --steps 100000 --seed 1 --database postgresql

Editors, workers, the clock and other programs play with a small newsroom (tests/leaks); after every
step the public looks around, and a second, separate account of what is out says what it may see.
Prints the steps by kind and the answers by address; exits with 1 when something leaked, after the
shortest steps that lead to it.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import django


@contextmanager
def database(vendor: str) -> Iterator[None]:
    """Set Django up on an empty, migrated database that is gone afterwards."""
    from tests.services.postgres import PostgresServer

    server = PostgresServer() if vendor == "postgresql" else nullcontext()
    with server as postgres, postgres.database() if postgres else nullcontext() as url:
        os.environ["DATABASE_URL"] = url or ""
        os.environ["API_RATE"] = "1000000/min"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        django.setup()
        logging.disable(logging.ERROR)  # every "not found" is a warning
        from django.test.utils import setup_databases, teardown_databases

        created = setup_databases(verbosity=0, interactive=False)
        try:
            yield
        finally:
            teardown_databases(created, verbosity=0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    with database(options.database):
        return play(options.steps, options.seed)


def play(n_steps: int, seed: int) -> int:
    from tests.leaks.machine import Tally
    from tests.leaks.readers import Leak
    from tests.leaks.running import run_steps

    started = time.monotonic()

    def tell(tally: Tally) -> None:
        rate = tally.n_steps / (time.monotonic() - started)
        print(f"{tally.n_steps:>8,} of {n_steps:,} steps, {rate:.0f} a second", flush=True)

    try:
        # Seeds of neighboring runs must not share rounds.
        tally = run_steps(n_steps, first_seed=seed * 1_000_000, shrink=True, progress=tell)
    except Leak as leak:
        print(f"\nLEAK: {leak}")
        return 1
    show("steps", tally.steps.most_common())
    show("answers checked", tally.checked.most_common())
    print(f"hidden articles looked for: {tally.n_hidden_sought:,}")
    print(f"answers compared with a world without the hidden: {tally.n_compared:,}")
    print(f"{tally.n_steps:,} steps in {time.monotonic() - started:.0f} s, leaks: 0")
    return 0


def show(heading: str, rows: list[tuple[str, int]]) -> None:
    total = sum(number for _, number in rows)
    print(f"\n| {heading} | {total:,} |\n|---|---:|")
    for name, number in rows:
        print(f"| {name} | {number:,} |")


if __name__ == "__main__":
    sys.exit(main())
