"""Databases of made-up articles, analyzed and rebuilt once, to be copied by every measurement.

All that stands in them the product's own rebuild computed, shared by two processes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services.postgres import PostgresServer
from tests.services.project import ROOT, Project

FILL = "benchmarks.publish_fill"
# As on a real server, a commit waits for the disk; the settings of the tests would flatter.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@contextmanager
def filled_project(size: int, keep: Path | None = None, **environment: str) -> Iterator[Project]:
    """A project on a database of its own, with ``size`` published articles and their links.

    Args:
        keep: directory of a PostgreSQL server that stays, with its filled databases.
    """
    if keep is not None:
        keep = keep.resolve()
        keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, PostgresServer(DURABLE, keep) as postgres:
        template = filled_database(postgres, size)
        with (
            postgres.database(template) as url,
            # TMPDIR: snapshots of other databases are nothing to this one.
            Project(Path(folder), DATABASE_URL=url, TMPDIR=folder, **environment) as project,
        ):
            yield project


def filled_database(postgres: PostgresServer, size: int) -> str:
    """The name of the server's database of that size, filled now unless it is there already."""
    name = f"filled_{size}"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        filling = f"filling_{size}"
        postgres.run(f"DROP DATABASE IF EXISTS {filling} WITH (FORCE)")
        postgres.run(f"CREATE DATABASE {filling}")
        with tempfile.TemporaryDirectory() as folder:
            url = postgres.url(filling)
            with Project(Path(folder), DATABASE_URL=url, TMPDIR=folder) as project:
                fill(project, size)
        # What autovacuum would have done by the time that so many articles were published.
        with psycopg.connect(postgres.url(filling), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        postgres.run(f"ALTER DATABASE {filling} RENAME TO {name}")
    return name


def fill(project: Project, size: int) -> None:
    """Articles by `bulk_create`, and everything else by a rebuild; says how long each took."""
    started = time.monotonic()
    project.manage("migrate", "--verbosity", "0")
    run(project, "-m", FILL, str(size))
    stored = time.monotonic()
    helper = project.start([sys.executable, "manage.py", "process_related", "--loop"])
    run(project, "manage.py", "rebuild_related")
    helper.stop()
    rebuilt = time.monotonic()
    note(
        f"{size:,} articles stored in {stored - started:.0f} s, "
        f"their links computed by two processes in {rebuilt - stored:.0f} s"
    )


def run(project: Project, *arguments: str) -> str:
    """Run Python to its end, however long it takes; its errors are shown."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=project.environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def note(text: str) -> None:
    """What is going on, beside the table."""
    print(text, file=sys.stderr, flush=True)
