"""What readers and editors notice when Redis is down or silent and every worker is dead.

    python -m benchmarks.availability [--seconds 60] [--turns 60] [--readers 16]

The site runs as in docker-compose.yml (gunicorn, PostgreSQL, HTTPS behind a proxy, hashed static
files). Readers ask for pages, the API and /healthz without a pause; an editor publishes articles
through the admin all the while, approves each as a link on another's page and withdraws it. Redis
fails and the workers are killed in the middle of it; at last they go and return by turns. Exits
with 1 unless every answer was 200 (or 304 to a conditional request), what was published or
withdrawn showed in the very next answer, and publishing stayed quick.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from itertools import cycle
from pathlib import Path

from benchmarks.availability_site import Outcome, Site
from benchmarks.filled import filled_project
from benchmarks.latencies import machine, percentile
from tests.services.redis import RedisServer


def measure_both(
    site: Site, seconds: float, n_readers: int, *, with_workers: bool = True
) -> dict[str, Outcome]:
    """The outcomes with Redis down, and with a Redis that takes connections and never answers."""
    outcomes = {}
    for name, fault in (("down", site.go_away), ("silent", site.fall_silent)):
        if with_workers:
            site.start_workers()
        outcomes[name] = site.measure([fault], seconds, n_readers)
        if name == "down":
            site.redis.start()
    return outcomes


def measure_turns(site: Site, seconds: float, n_readers: int) -> Outcome:
    """The outcome where Redis and all workers go away and return, over and over."""
    site.start_workers()
    outcome = site.measure(cycle([site.go_away, site.come_back]), seconds, n_readers)
    if not site.workers:
        site.come_back()
    return outcome


def show(name: str, outcome: Outcome) -> None:
    reads, publishes = outcome.readers, outcome.publishes
    counted = ", ".join(f"{n:,} x {what}" for what, n in sorted(reads.answers.items()))
    print(
        f"| {name} | {counted} | {len(reads.wrong)} | {statistics.median(reads.seconds):.3f} s "
        f"| {percentile(reads.seconds, 99):.3f} s | {len(publishes)} "
        f"| {statistics.median(publishes):.3f} s | {percentile(publishes, 99):.3f} s "
        f"| {max(publishes):.3f} s | {outcome.n_withdrawn} | {len(outcome.wrong_publishes)} "
        f"| {outcome.n_lost} |"
    )
    for problem in [*reads.wrong[:10], *outcome.wrong_publishes[:10]]:
        print(f"  wrong: {problem}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of each of the two faults")
    parser.add_argument("--turns", type=float, default=60, help="seconds of going and returning")
    parser.add_argument("--readers", type=int, default=16, help="threads")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="directory for the filled databases")
    options = parser.parse_args()
    print(machine())
    with filled_project(options.documents, options.keep) as project, RedisServer() as redis:
        site = Site(project, redis)
        outcomes = {"by turns away and back": measure_turns(site, options.turns, options.readers)}
        site.kill_workers()
        outcomes |= measure_both(site, options.seconds, options.readers)
        project.__exit__()  # the processes, before their database
    print(
        "| Redis, with all workers dead | answers to readers | wrong | read p50 | read p99 "
        "| publishes | p50 | p99 | longest | linked and withdrawn | wrong | lost |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for name, outcome in outcomes.items():
        show(name, outcome)
    is_right = all(outcome.is_right for outcome in outcomes.values())
    print(
        "\nPromised: no wrong answer, publish p99 under 1.5 s: "
        + ("kept." if is_right else "BROKEN.")
    )
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
