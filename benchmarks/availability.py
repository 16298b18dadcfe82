"""What readers and editors notice when Redis is down or silent and every worker is dead.

    python -m benchmarks.availability [--seconds 60] [--readers 8]

The site runs as in docker-compose.yml (gunicorn, PostgreSQL, HTTPS behind a proxy, hashed static
files). Readers ask for pages, the API and /healthz without a pause; an editor publishes through
the admin all the while. Redis fails and the workers are killed in the middle of it. Exits with 1
unless every answer was 200 (or 304 to a conditional request) and publishing stayed quick.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psycopg

from benchmarks.availability_load import HOST, Answer, Editor, Readers, ask
from benchmarks.filled import filled_project
from benchmarks.latencies import machine, percentile
from tests.services.ports import free_port
from tests.services.project import Project, ProjectProcess
from tests.services.redis import RedisServer

LONGEST_PUBLISH = 1.5  # seconds, 99th percentile
NAME, PASSWORD = "editor", "not a secret to anybody"
PRODUCTION = {
    "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
    "HTTPS": "true",
    "NUM_PROXIES": "1",
    "HASHED_STATIC": "true",
}
GUNICORN = [
    *("gunicorn", "newsroom.wsgi", "--workers=2", "--worker-class=gthread", "--threads=4"),
    *("--worker-tmp-dir=/dev/shm", "--no-control-socket", "--access-logfile=-"),
]
PAGES = ["/", "/feed/", "/sections/world/", "/healthz"]
SECONDS_OF_CALM = 2.0  # with everything up, before the fault
SECONDS_BETWEEN_PUBLISHES = 0.3


@dataclass
class Outcome:
    """What happened in one phase."""

    readers: Readers
    publishes: list[float]  # seconds
    wrong_publishes: list[str]
    n_lost: int  # published articles without a row of work

    @property
    def is_right(self) -> bool:
        return (
            not (self.readers.wrong or self.wrong_publishes or self.n_lost)
            and sum(self.readers.answers.values()) > 0
            and percentile(self.publishes, 99) < LONGEST_PUBLISH
        )


class Site:
    """The running site, its Redis and its workers."""

    def __init__(self, project: Project, redis: RedisServer) -> None:
        self.project, self.redis = project, redis
        project.environment |= PRODUCTION | {
            "CELERY_BROKER_URL": redis.url,
            "STATIC_ROOT": str(project.directory / "static"),
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        project.manage("collectstatic", "--no-input", "--verbosity", "0")
        project.manage(
            *("createsuperuser", "--no-input", "--username", NAME),
            *("--email", "editor@news.example"),
        )
        self.port = free_port()
        server = project.start(GUNICORN, PORT=str(self.port))
        server.wait_for(self._answers)
        self.editor = Editor(self.port, NAME, PASSWORD)
        self.n_published = 0

    def _answers(self) -> bool:
        try:
            return ask(self.port, "GET", "/healthz").status == 200
        except OSError:
            return False

    def start_workers(self) -> list[ProjectProcess]:
        return [
            self.project.start_worker(),
            self.project.start([sys.executable, "manage.py", "process_related", "--loop"]),
        ]

    def paths(self, n: int = 200) -> list[str]:
        """What readers ask for: fixed pages, and pages and links of some articles."""
        with psycopg.connect(self.project.environment["DATABASE_URL"]) as database:
            rows = database.execute(
                "SELECT id, slug FROM newsroom_article WHERE status = 'published' "
                "ORDER BY id DESC LIMIT %s",
                [n],
            ).fetchall()
        pages = [f"/articles/{slug}/" for _, slug in rows]
        links = [f"/api/v1/links/newsroom.article/{key}/" for key, _ in rows]
        several = [
            f"/api/v1/links/?id=newsroom.article:{a}&id=newsroom.article:{b}"
            for (a, _), (b, _) in pairwise(rows)
        ]
        return [*pages, *links, *several[: n // 4], *PAGES * (n // 20)]

    def measure(self, fault: Callable[[], None], seconds: float, n_readers: int) -> Outcome:
        """Read and publish under a fault that begins in the middle of it."""
        publishes: list[float] = []
        wrong: list[str] = []
        with Readers(self.port, self.paths(), n_readers) as readers:
            begun = False
            started = time.monotonic()
            while (passed := time.monotonic() - started) < SECONDS_OF_CALM + seconds:
                if not begun and passed > SECONDS_OF_CALM:
                    fault()
                    begun = True
                took, problem = self._publish_one()
                if begun:
                    publishes.append(took)
                wrong += [problem] if problem else []
                time.sleep(SECONDS_BETWEEN_PUBLISHES)
        return Outcome(readers, publishes, wrong, self._n_lost())

    def _publish_one(self) -> tuple[float, str]:
        """Publish an article that must then be there for everybody at once."""
        self.n_published += 1
        slug = f"live-{self.n_published}"
        took, problem = self.editor.publish(f"Live {slug}", "w1 w20 the w300 w4000", slug)
        if not problem:
            page: Answer = ask(self.port, "GET", f"/articles/{slug}/", X_Forwarded_For="10.9.9.9")
            problem = "" if page.status == 200 else f"{page.status} on the new page {slug}"
        return took, problem

    def _n_lost(self) -> int:
        """Published articles that no worker would ever hear of."""
        with psycopg.connect(self.project.environment["DATABASE_URL"]) as database:
            row = database.execute(
                "SELECT count(*) FROM newsroom_article a WHERE slug LIKE 'live-%' AND NOT EXISTS "
                "(SELECT 1 FROM related_document d WHERE d.object_id = a.id::text AND want_rev > 0)"
            ).fetchone()
        assert row is not None
        return int(row[0])


def measure_both(
    site: Site, seconds: float, n_readers: int, *, with_workers: bool = True
) -> dict[str, Outcome]:
    """The outcomes with Redis down, and with a Redis that takes connections and never answers."""
    outcomes = {}
    for name in ("down", "silent"):
        workers = site.start_workers() if with_workers else []

        def fail(name: str = name, workers: list[ProjectProcess] = workers) -> None:
            for worker in workers:
                worker.kill()
            if name == "down":
                site.redis.stop()
            else:
                os.kill(site.redis.pid, signal.SIGSTOP)

        outcomes[name] = site.measure(fail, seconds, n_readers)
        if name == "down":
            site.redis.start()
    return outcomes


def show(name: str, outcome: Outcome) -> None:
    reads, publishes = outcome.readers, outcome.publishes
    counted = ", ".join(f"{n:,} x {what}" for what, n in sorted(reads.answers.items()))
    print(
        f"| {name} | {counted} | {len(reads.wrong)} | {statistics.median(reads.seconds):.3f} s "
        f"| {percentile(reads.seconds, 99):.3f} s | {len(publishes)} "
        f"| {statistics.median(publishes):.3f} s | {percentile(publishes, 99):.3f} s "
        f"| {max(publishes):.3f} s | {len(outcome.wrong_publishes)} | {outcome.n_lost} |"
    )
    for problem in [*reads.wrong[:10], *outcome.wrong_publishes[:10]]:
        print(f"  wrong: {problem}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="of each of the two faults")
    parser.add_argument("--readers", type=int, default=8, help="threads")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--keep", type=Path, help="directory for the filled databases")
    options = parser.parse_args()
    print(machine())
    with filled_project(options.documents, options.keep) as project, RedisServer() as redis:
        site = Site(project, redis)
        outcomes = measure_both(site, options.seconds, options.readers)
        project.__exit__()  # the processes, before their database
    print(
        "| Redis, with all workers dead | answers to readers | wrong | read p50 | read p99 "
        "| publishes | p50 | p99 | longest | wrong | lost |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
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
