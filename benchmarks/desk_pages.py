"""Processor time of editors' pages on a large archive: queue, desk, dashboard, lists behind it.

`python -m benchmarks.desk_pages` fills a private PostgreSQL with 50,000 documents and 300,000
suggestions, then asks for each page. Web: this process. Database: PostgreSQL's own process for this
connection, which works alone (no parallel workers), so that all of its time is seen.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.filled import run
from tests.services.postgres import PostgresServer
from tests.services.project import Project

LIMIT = 150  # ms, of web and database together, for the dashboard


def measure(repeats: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client

    from related.models import Document, RebuildRun, ReviewState, Suggestion

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.create_superuser(f"measuring-{time.time()}"))
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
    document = ReviewState.objects.open().newest_first().first().document
    pages = {
        "review queue": "/admin/related/review/",
        "desk of an article": f"/admin/related/review/{document.type_label}/{document.object_id}/",
        "dashboard": "/admin/related/document/dashboard/",
        "dashboard, one section": "/admin/related/document/dashboard/?section=world",
        "pages nothing links to": "/admin/related/document/orphans/",
        "documents without a link in a slot": "/admin/related/document/?coverage=open-related",
        "documents set aside": "/admin/related/document/?state=failed",
        "decisions on strong links": "/admin/related/decision/?strength=strong",
        "hidden links": "/admin/related/decision/?target_is=hidden",
    }
    print(
        f"{Document.objects.count():,} documents, {Suggestion.objects.count():,} suggestions, "
        f"{RebuildRun.objects.count()} rebuild at work; ms of processor time, median of {repeats}\n"
    )
    print("| page | web | database | together | queries | kB |\n|---|---:|---:|---:|---:|---:|")
    for name, address in pages.items():
        client.get(address)
        queries: list[str] = []

        def count(execute: Any, sql: str, *rest: Any, seen: list[str] = queries) -> Any:
            seen.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(count):
            size = len(client.get(address).content)
        web = []
        started = database_ms(backend)
        for _ in range(repeats):
            before = time.process_time()
            assert client.get(address).status_code == 200, address
            web.append(1000 * (time.process_time() - before))
        database = (database_ms(backend) - started) / repeats
        own = statistics.median(web)
        print(
            f"| {name} | {own:.0f} | {database:.0f} | {own + database:.0f} | {len(queries)} "
            f"| {size / 1000:.0f} |"
        )
        assert own + database <= LIMIT or "dashboard" not in name, f"{name}: more than {LIMIT} ms"


def database_ms(pid: int) -> float:
    """Processor time of a process so far, in steps of 10 ms."""
    fields: Any = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--here", action="store_true", help="measure DATABASE_URL as it is")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    if options.here:
        measure(options.repeats)
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        PostgresServer() as server,
        server.database() as url,
        Project(Path(folder), DATABASE_URL=url) as project,
    ):
        project.manage("migrate", "--verbosity", "0")
        run(project, "-m", "benchmarks.desk_fill", str(options.documents))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")  # as autovacuum does in time
        repeats = ["--repeats", str(options.repeats)]
        print(run(project, "-m", "benchmarks.desk_pages", "--here", *repeats), end="")


if __name__ == "__main__":
    main()
