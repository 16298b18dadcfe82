"""The newsroom over its hosts: database and broker here, a web host, two worker hosts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import psycopg

from benchmarks.faulting.texts import archive
from benchmarks.filled import filled_database
from benchmarks.hosting.host import Host
from benchmarks.hosting.network import DATABASE, HOSTS, WEB, WORKER_A, WORKER_B, Network, Traffic
from benchmarks.hosting.servers import OpenPostgres, OpenRedis, over_the_network
from tests.services.project import ROOT, Project

# Its texts resemble each other clearly or not at all, so that results compare exactly.
EXACT = "benchmarks.faulting.settings"
Row = tuple[Any, ...]


class Stage:
    """Open while the hosts run. ``environment`` and ``rows`` go to the database that is open."""

    def __init__(self, network: Network, folder: Path, keep: Path | None) -> None:
        self.network = network
        self.folder = folder
        self.postgres = OpenPostgres(keep)
        self.redis = OpenRedis()
        self.web = Host(network, WEB, folder)
        # A second host brings a second core; the database and the web take what is left of both.
        self.a = Host(network, WORKER_A, folder, core=0)
        self.b = Host(network, WORKER_B, folder, core=1)
        self.environment: dict[str, str] = {}
        self._stack = ExitStack()
        self._connection: psycopg.Connection[Row]

    def __enter__(self) -> Self:
        try:
            for part in (self.postgres, self.redis, self.web, self.a, self.b):
                self._stack.enter_context(part)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    @contextmanager
    def made_up(self, n_articles: int) -> Iterator[None]:
        """A database of texts as long as real ones, analyzed and rebuilt."""
        template = filled_database(self.postgres, n_articles)
        with self.postgres.database(template) as url, self._open(url, {}):
            self._calm()
            yield

    @contextmanager
    def exact(self, n_articles: int, seed: int) -> Iterator[None]:
        """One of texts whose results can be compared with those of a cold rebuild."""
        rows = archive(n_articles, n_articles, seed)
        path = self.folder / "archive.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        settings = {"DJANGO_SETTINGS_MODULE": EXACT, "FAULTS_REBUILD_SECONDS": "100000"}
        with self.postgres.database() as url, self._open(url, settings):
            self.manage("migrate", "--verbosity", "0")
            self.manage("import_articles", str(path))
            self.manage("rebuild_related")
            self._calm()
            yield

    @contextmanager
    def _open(self, url: str, settings: dict[str, str]) -> Iterator[None]:
        with (
            Project(self.folder, **settings) as project,
            psycopg.connect(url, autocommit=True) as self._connection,
        ):
            self.local = {**project.environment, "DATABASE_URL": url, "TMPDIR": str(self.folder)}
            self.environment = {
                **project.environment,
                "DATABASE_URL": over_the_network(url),
                "CELERY_BROKER_URL": over_the_network(self.redis.url),
            }
            try:
                yield
            finally:
                self.stop()

    def _calm(self) -> None:
        """What a rebuild leaves to be done, such as the queue's rows, is done."""
        self.manage("process_related")

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` where the database is, over no network, however long it takes."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.local,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ).stdout

    def stop(self) -> None:
        """End everything on the other hosts, and forget what the broker holds."""
        for host in (self.web, self.a, self.b):
            host.stop()
        with self.redis.client() as client:
            client.flushall()

    def rows(self, statement: str, *parameters: object) -> list[Row]:
        return self._connection.execute(statement.encode(), parameters).fetchall()

    def wait_for(self, condition: Callable[[], object], seconds: float, what: str) -> float:
        """Returns after how many seconds it held.

        Raises:
            RuntimeError: it did not hold in time.
        """
        started = time.monotonic()
        while not condition():
            if time.monotonic() - started > seconds:
                raise RuntimeError(f"Not within {seconds:.0f} s: {what}")
            time.sleep(0.02)
        return time.monotonic() - started

    def traffic(self) -> dict[str, Traffic]:
        return {name: self.network.traffic(name) for name in HOSTS}

    def processor_seconds(self) -> dict[str, float]:
        return {
            name: self.network.processor_seconds(name) for name in (DATABASE, WORKER_A, WORKER_B)
        }
