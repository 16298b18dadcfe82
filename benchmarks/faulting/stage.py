"""The newsroom that the faults happen to: database, broker, workers, all private and real."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import psycopg
from celery import Celery

from benchmarks.faulting.disks import SmallDisk
from benchmarks.faulting.supervising import Supervised
from benchmarks.faulting.texts import archive
from tests.services.postgres import PostgresServer
from tests.services.project import Project
from tests.services.redis import RedisServer

SETTINGS = "benchmarks.faulting.settings"
WORKER = ["celery", "-A", "newsroom", "worker", "--pool", "prefork", "--loglevel", "INFO"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of."""

    database: str  # postgresql or sqlite
    n_publishes: int
    n_faults: int
    seed: int
    pace: float  # seconds from save to save
    n_archive: int  # articles that are there from the start
    silence_seconds: int  # after which a worker is dead
    rebuild_seconds: float  # from one rebuild by beat to the next
    min_snapshot: int
    disk_megabytes: int
    longest_save: float  # seconds that a save may take while only the broker is away


class Stage:
    """Everything that runs; ``services`` by name, to be killed."""

    def __init__(self, plan: Plan, directory: Path) -> None:
        self.plan = plan
        self.directory = directory
        self.is_postgresql = plan.database == "postgresql"
        self.services: dict[str, Supervised] = {}
        self.postgres: PostgresServer | None = None
        self.redis: RedisServer | None = None
        self.snapshot_disk: SmallDisk | None = None
        self.database_disk: SmallDisk | None = None
        self.database_url = ""
        self.project: Project
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._stack.close()

    def _open(self) -> None:
        if SmallDisk.is_possible():
            self.snapshot_disk = self._stack.enter_context(SmallDisk(64))
            owner = "postgres" if self.is_postgresql else None
            disk = SmallDisk(self.plan.disk_megabytes, owner=owner)
            self.database_disk = self._stack.enter_context(disk)
        environment = self._open_postgresql() if self.is_postgresql else self._place_sqlite()
        snapshots = self.snapshot_disk.directory if self.snapshot_disk else self.directory
        self.project = self._stack.enter_context(
            Project(
                self.directory,
                **environment,
                DJANGO_SETTINGS_MODULE=SETTINGS,
                API_RATE="1000000/min",
                FAULTS_SNAPSHOT_DIR=str(snapshots / "snapshots"),
                FAULTS_SILENCE_SECONDS=str(self.plan.silence_seconds),
                FAULTS_MIN_SNAPSHOT=str(self.plan.min_snapshot),
                FAULTS_REBUILD_SECONDS=str(self.plan.rebuild_seconds),
            )
        )
        self._fill()
        self._start_services()

    def _open_postgresql(self) -> dict[str, str]:
        self.postgres = self._stack.enter_context(PostgresServer())
        self.redis = self._stack.enter_context(RedisServer())
        where = ""
        if self.database_disk is not None:
            place = self.database_disk.directory
            self.postgres.run(f"CREATE TABLESPACE small LOCATION '{place}'")
            where = "TABLESPACE small"
        self.postgres.run(f"CREATE DATABASE faults {where}")
        return {
            "DATABASE_URL": self.postgres.url("faults"),
            "CELERY_BROKER_URL": self.redis.url,
        }

    def _place_sqlite(self) -> dict[str, str]:
        folder = self.database_disk.directory if self.database_disk else self.directory
        return {"DATABASE_URL": f"sqlite:///{folder / 'faults.sqlite3'}", "CELERY_BROKER_URL": ""}

    def _fill(self) -> None:
        rows = archive(self.plan.n_archive, self.n_articles, self.plan.seed)
        path = self.directory / "archive.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.project.manage("migrate", "--verbosity", "0")
        self.project.manage("import_articles", str(path))
        self.project.manage("rebuild_related")

    @property
    def n_articles(self) -> int:
        """About how many articles there will be; decides the number of topics."""
        return self.plan.n_archive + self.plan.n_publishes // 4

    def _start_services(self) -> None:
        sweeper = [sys.executable, "manage.py", "process_related", "--loop"]
        commands = {"sweeper": sweeper}
        if self.is_postgresql:
            commands |= {
                "publish worker": [*WORKER, "-Q", "publish", "-c", "2", "-n", "publish@%h"],
                "bulk worker": [*WORKER, "-Q", "bulk", "-c", "1", "-n", "bulk@%h"],
                "beat": [
                    *("celery", "-A", "newsroom", "beat", "--max-interval=60", "--pidfile="),
                    f"--schedule={self.directory / 'schedule'}",
                ],
            }
        else:
            commands["second sweeper"] = sweeper
        for name, argv in commands.items():
            service = Supervised(name, self.project, argv, FAULTS_TEXTS_SEND="SIGKILL")
            self.services[name] = service
            self._stack.callback(service.stop)

    def stop_services(self) -> None:
        """End every worker, so that nothing changes any more."""
        for service in self.services.values():
            service.stop()

    # What faults need.

    def celery(self) -> Celery:
        """A client of the broker, as somebody else's program would be one."""
        assert self.redis is not None
        app = Celery("faults", broker=self.redis.url, set_as_current=False)
        app.conf.task_default_queue = "publish"
        return app

    def some_documents(self, chance: random.Random, n: int) -> list[int]:
        """Keys of documents, some of which may not exist."""
        return [chance.randrange(1, max(2, self.n_articles)) for _ in range(n)]

    def connect(self) -> psycopg.Connection[Any]:
        """A connection to the server that no fault on the newsroom's own database cuts."""
        assert self.postgres is not None
        return psycopg.connect(self.postgres.url("postgres"), autocommit=True)

    def logs(self) -> Iterator[Path]:
        """Every log of every start."""
        return self.directory.glob("*.log")
