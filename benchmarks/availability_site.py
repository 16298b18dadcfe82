"""A running site whose Redis and workers come and go, and what is noticed of it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import psycopg

from benchmarks.availability_load import HOST, Answer, Editor, Readers, ask
from benchmarks.latencies import percentile
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
LINKS = "/api/v1/links/"
PAGES = ["/", "/feed/", "/sections/world/", "/healthz"]
SECONDS_OF_CALM = 2.0  # with everything up, before the fault
SECONDS_BETWEEN_PUBLISHES = 0.3
SECONDS_AWAY = 20.0  # of Redis and the workers, where they return; and as long they are back


@dataclass
class Outcome:
    """What happened in one phase."""

    readers: Readers
    publishes: list[float]  # seconds
    wrong_publishes: list[str]
    n_lost: int  # published articles without a row of work
    n_withdrawn: int

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
        self.workers: list[ProjectProcess] = []

    def _answers(self) -> bool:
        try:
            return ask(self.port, "GET", "/healthz").status == 200
        except OSError:
            return False

    def start_workers(self) -> None:
        self.workers = [
            self.project.start_worker(),
            self.project.start([sys.executable, "manage.py", "process_related", "--loop"]),
        ]

    def kill_workers(self) -> None:
        for worker in self.workers:
            worker.kill()
        self.workers = []

    def go_away(self) -> None:
        self.kill_workers()
        self.redis.stop()

    def fall_silent(self) -> None:
        """Redis takes connections and never answers."""
        self.kill_workers()
        os.kill(self.redis.pid, signal.SIGSTOP)

    def come_back(self) -> None:
        self.redis.start()
        self.start_workers()

    def paths(self, n: int = 200) -> list[str]:
        """What readers ask for: fixed pages, and pages and links of some articles."""
        with psycopg.connect(self.project.environment["DATABASE_URL"]) as database:
            rows = database.execute(
                "SELECT id, slug FROM newsroom_article WHERE status = 'published' "
                "ORDER BY id DESC LIMIT %s",
                [n],
            ).fetchall()
        pages = [f"/articles/{slug}/" for _, slug in rows]
        links = [f"{LINKS}newsroom.article/{key}/" for key, _ in rows]
        several = [
            f"{LINKS}?id=newsroom.article:{a}&id=newsroom.article:{b}"
            for (a, _), (b, _) in pairwise(rows)
        ]
        return [*pages, *links, *several[: n // 4], *PAGES * (n // 20)]

    def measure(
        self, faults: Iterable[Callable[[], None]], seconds: float, n_readers: int
    ) -> Outcome:
        """Read and publish under faults: the first begins in the middle of it, each further one
        ``SECONDS_AWAY`` later."""
        publishes: list[float] = []
        wrong: list[str] = []
        n_withdrawn = 0
        begun: list[Future[None]] = []
        coming, due = iter(faults), SECONDS_OF_CALM
        # A thread of its own: nobody waits until programs have started or ended.
        with Readers(self.port, self.paths(), n_readers) as readers, ThreadPoolExecutor(1) as doing:
            started, end = time.monotonic(), SECONDS_OF_CALM + seconds
            while (passed := time.monotonic() - started) < end or not publishes:
                if passed > due:
                    begun.append(doing.submit(next(coming, lambda: None)))
                    due += SECONDS_AWAY
                took, problem = self._publish_one()
                publishes += [took] if due > SECONDS_OF_CALM else []
                problem = problem or self._link_and_withdraw()
                n_withdrawn += not problem
                wrong += [problem] if problem else []
                time.sleep(SECONDS_BETWEEN_PUBLISHES)
        for fault in begun:
            fault.result()  # raises what it raised
        return Outcome(readers, publishes, wrong, self._n_lost(), n_withdrawn)

    def _publish_one(self) -> tuple[float, str]:
        """Publish an article that must then be there for everybody at once."""
        self.n_published += 1
        slug = self._live
        took, problem = self.editor.publish(f"Live {slug}", "w1 w20 the w300 w4000", slug)
        if not problem and (status := self._read(f"/articles/{slug}/").status) != 200:
            problem = f"{status} on the new page {slug}"
        return took, problem

    def _link_and_withdraw(self) -> str:
        """Approve the new article as a link, and withdraw it: readers see both with the next
        answer. What was wrong, or ""."""
        query = "SELECT id, (SELECT min(id) FROM newsroom_article) FROM newsroom_article"
        with psycopg.connect(self.project.environment["DATABASE_URL"]) as database:
            row = database.execute(f"{query} WHERE slug = %s", [self._live]).fetchone()
        assert row is not None
        key, page = row
        problem = self.editor.approve(page, key)
        if not problem and not self._links_to(page, key):
            problem = f"{self._live} was approved, and the next answer does not link there"
        problem = problem or self.editor.withdraw(key)
        if not problem and self._links_to(page, key):
            problem = f"{self._live} was withdrawn, and the next answer links there"
        if not problem and (status := self._read(f"/articles/{self._live}/").status) != 404:
            problem = f"{status} on the page of {self._live}, which was withdrawn"
        return problem

    @property
    def _live(self) -> str:
        return f"live-{self.n_published}"

    def _links_to(self, page: int, key: int) -> bool:
        answer = self._read(f"{LINKS}newsroom.article/{page}/")
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {answer.body[:200]!r} on the links of {page}")
        items = json.loads(answer.body)["slots"]["related"]["items"]
        return str(key) in {item["id"] for item in items}

    def _read(self, path: str) -> Answer:
        return ask(self.port, "GET", path, X_Forwarded_For="10.9.9.9")

    def _n_lost(self) -> int:
        """Published articles that no worker would ever hear of."""
        with psycopg.connect(self.project.environment["DATABASE_URL"]) as database:
            row = database.execute(
                "SELECT count(*) FROM newsroom_article a WHERE slug LIKE 'live-%' AND NOT EXISTS "
                "(SELECT 1 FROM related_document d WHERE d.object_id = a.id::text AND want_rev > 0)"
            ).fetchone()
        assert row is not None
        return int(row[0])
