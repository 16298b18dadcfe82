"""Hostile articles through every door: nothing answers 5xx, nobody waits, the workers live.

    python -m benchmarks.hostile --articles 5000 --seed 1 --database postgresql

The articles go through the admin's form and `import_articles`, and are read back by everything
public, while the workers work them off in processes of their own: Celery with Redis beside the
sweeper on PostgreSQL, the sweeper alone on SQLite. Prints a table; exit code 1 when a promise is
broken.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

import django

from benchmarks.watching import Watch
from tests.services.postgres import PostgresServer
from tests.services.project import Project
from tests.services.redis import RedisServer

LONGEST_REQUEST = 2.0  # seconds of one processor: the clock also counts what else a machine does
LARGEST_WORKER = 1_000  # MB
LONGEST_STALL = 30.0  # seconds without a document processed, though some wait
SETTLED_AFTER = 3_600.0  # seconds until the last document has to be processed
PER_FILE = 500  # articles


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    with ExitStack() as stack:
        project = _project(stack, options.database)
        os.environ.update(project.environment)
        django.setup()
        logging.disable(logging.CRITICAL)  # a line for every refusal
        return _drive(project, options.articles, options.seed, stack)


def _project(stack: ExitStack, database: str) -> Project:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    environment = {
        "ALLOWED_HOSTS": "*",
        "API_RATE": "",  # one client asks for all
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "TMPDIR": str(folder),
    }
    if database == "postgresql":
        server = stack.enter_context(PostgresServer())
        environment["DATABASE_URL"] = stack.enter_context(server.database())
        environment["CELERY_BROKER_URL"] = stack.enter_context(RedisServer()).url
    project = stack.enter_context(Project(folder, **environment))
    project.manage("migrate", "--verbosity", "0")
    return project


def _drive(project: Project, n_articles: int, seed: int, stack: ExitStack) -> int:
    # Django has to be set up before these are read.
    from django.contrib.auth.models import User
    from django.test import Client

    from related.models import Document
    from tests.hostile import doors
    from tests.hostile.archives import as_lines
    from tests.hostile.articles import hostile_articles
    from tests.hostile.questions import hostile_questions

    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("editor", password="editor"))
    workers = [project.start([sys.executable, "manage.py", "process_related", "--loop"])]
    if project.environment.get("CELERY_BROKER_URL"):
        workers.append(project.start_worker(concurrency=2))
    watch = stack.enter_context(Watch([worker.popen.pid for worker in workers]))

    articles = hostile_articles(n_articles, seed)
    print(f"{n_articles:,} articles, seed {seed}, load {os.getloadavg()[0]:.1f}")
    print(f"{'door':<12}{'answers':>9}{'5xx':>5}{'wall max':>10}{'cpu max':>9}{'cpu > 2 s':>11}")
    posted = (doors.post_to_admin(client, article) for article in articles)
    is_kept = [_report("admin", posted)]

    archive = project.directory / "archive.jsonl"
    for start in range(0, n_articles, PER_FILE):
        chosen = [
            article
            for number, article in enumerate(hostile_articles(n_articles, seed))
            if start <= number < start + PER_FILE
        ]
        doors.import_file(archive, as_lines(chosen))
    print(f"{'importer':<12}{n_articles:>9,}  read without an error of its own")

    is_kept.append(_report("read back", doors.read_back(client)))
    questions = (doors.read(client, path) for path in hostile_questions(n_articles, seed))
    is_kept.append(_report("questions", questions))

    deadline = time.monotonic() + SETTLED_AFTER
    while Document.objects.waiting().exclude(attempts__gte=3).exists():
        if time.monotonic() > deadline:
            break
        time.sleep(1)
    n_waiting = Document.objects.waiting().count()
    n_documents = Document.objects.count()
    print(f"{n_documents:,} documents, {n_waiting} not processed", end="; ")
    print(f"largest worker {watch.largest_mb:,.0f} MB; longest stall {watch.longest_stall:.1f} s")
    is_kept += [n_waiting == 0, all(worker.popen.poll() is None for worker in workers)]
    is_kept += [watch.largest_mb < LARGEST_WORKER, watch.longest_stall < LONGEST_STALL]
    print("every promise kept" if all(is_kept) else "A PROMISE IS BROKEN")
    return 0 if all(is_kept) else 1


def _report(door: str, answers: Iterable[object]) -> bool:
    """Print a line about the answers; whether they keep the promises. The worst ones are named."""
    every = list(answers)
    failed = [answer for answer in every if answer.status >= 500]
    slow = [answer for answer in every if answer.cpu > LONGEST_REQUEST]
    walls, cpus = ([getattr(a, name) for a in every] for name in ("wall", "cpu"))
    print(
        f"{door:<12}{len(every):>9,}{len(failed):>5}{max(walls):>10.2f}{max(cpus):>9.2f}"
        f"{len(slow):>11}",
        flush=True,
    )
    for answer in [*failed[:10], *sorted(slow, key=lambda answer: -answer.cpu)[:10]]:
        print(f"    {answer.status} {answer.wall:.2f} s ({answer.cpu:.2f} cpu) {answer.question!r}")
    return not failed and not slow


if __name__ == "__main__":
    sys.exit(main())
