"""Real processes on PostgreSQL share a rebuild, and die in the middle of it."""

from __future__ import annotations

import json
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.services.postgres import PostgresServer
from tests.services.project import Project, ProjectProcess

# Real processes start slowly where the machine is busy.
pytestmark = pytest.mark.timeout(300)

N_ARTICLES = 1020
REBUILD = [sys.executable, "manage.py", "rebuild_related", "--cold"]


class Database:
    """What the test sees of the workers' database, and how it makes time pass."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query.encode()).fetchall()

    def number(self, query: str) -> int:
        value = self.rows(query)[0][0]
        assert isinstance(value, int)
        return value

    def n_done(self, phase: str) -> int:
        return self.number(
            f"SELECT count(*) FROM related_rebuildblock WHERE phase = '{phase}' "
            "AND done_at IS NOT NULL "
            "AND run_id IN (SELECT id FROM related_rebuildrun WHERE status = 'running')"
        )

    def n_lists(self) -> int:
        return self.number("SELECT count(*) FROM related_neighbors")

    def n_running(self) -> int:
        return self.number("SELECT count(*) FROM related_rebuildrun WHERE status = 'running'")

    def n_waiting_for_locks(self) -> int:
        return self.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

    def blocks(self) -> dict[object, object]:
        """When each block was done."""
        return {row[0]: row[1] for row in self.rows("SELECT id, done_at FROM related_rebuildblock")}

    def let_the_silence_be_noticed(self, process: ProjectProcess) -> None:
        """Of a process that was killed."""
        hour_ago = "now() - interval '1 hour'"
        worker = f"UPDATE related_worker SET heartbeat_at = {hour_ago}"
        self.rows(f"{worker} WHERE pid = {process.popen.pid} RETURNING 1")
        self.rows(f"UPDATE related_rebuildrun SET progressed_at = {hour_ago} RETURNING 1")


@pytest.fixture(scope="session")
def archive_template(
    postgres_server: PostgresServer,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Name of a database whose archive is imported, analyzed and rebuilt once; to be copied."""
    directory = tmp_path_factory.mktemp("archive")
    archive = directory / "archive.jsonl"
    archive.write_text("".join(json.dumps(row) + "\n" for row in made_up_articles()))
    with postgres_server.database(template=migrated_template) as url:
        with Project(directory, DATABASE_URL=url) as project:
            project.manage("import_articles", str(archive))
            project.manage("rebuild_related")
        yield url.rpartition("/")[2]


def made_up_articles() -> Iterator[dict[str, str]]:
    """Sixty topics, whose articles share words."""
    chance = random.Random(3)
    words = [f"w{n}" for n in range(3000)]
    for n in range(N_ARTICLES):
        topic = chance.sample(words[(n % 60) * 50 : (n % 60) * 50 + 50], 20)
        body = " ".join(chance.choices(topic, k=15) + chance.choices(words, k=15))
        yield {"id": str(n), "title": " ".join(topic[:5]), "body": body, "language": "en"}


@pytest.fixture
def project(
    make_project: Callable[..., Project], postgres_server: PostgresServer, archive_template: str
) -> Iterator[Project]:
    """A project with an archive, without a broker."""
    with postgres_server.database(template=archive_template) as url:
        project = make_project(DATABASE_URL=url)
        yield project
        project.__exit__()  # its processes, before the database is dropped


@pytest.fixture
def database(project: Project) -> Iterator[Database]:
    database = Database(project.environment["DATABASE_URL"])
    yield database
    database.connection.close()


def suggestions(project: Project) -> str:
    return project.manage("export_suggestions").stdout


def wait_until_in(phase: str, database: Database, worker: ProjectProcess) -> None:
    """Until blocks of a phase are done and others are not."""
    worker.wait_for(lambda: database.n_done(phase) > 0)


def test_a_killed_worker_loses_and_repeats_nothing(project: Project, database: Database) -> None:
    expected = suggestions(project)
    done: dict[object, object] = {}
    for phase in ("search", "suggest"):
        worker = project.start(REBUILD)
        wait_until_in(phase, database, worker)
        worker.kill()
        done |= {pk: done_at for pk, done_at in database.blocks().items() if done_at}
        assert database.n_running() == 1
        database.let_the_silence_be_noticed(worker)
    assert suggestions(project) == expected  # the old set is served

    project.run(REBUILD)
    assert database.n_running() == 0
    after = database.blocks()
    assert {pk: after[pk] for pk in done} == done  # the same run, which repeated nothing
    assert None not in after.values()
    assert database.n_lists() == N_ARTICLES
    assert suggestions(project) == expected


def test_workers_share_a_rebuild_and_one_of_them_is_killed(
    project: Project, database: Database
) -> None:
    expected = suggestions(project)
    # Ready before the rebuild begins, so that it finds a block to take.
    sweeper = project.start([sys.executable, "manage.py", "process_related", "--loop"])
    sweeper.wait_for(lambda: "Working; " in sweeper.output)
    first = project.start(REBUILD)
    first.wait_for(lambda: database.n_done("detect") > 0)
    helpers = [sweeper, project.start([sys.executable, "manage.py", "rebuild_related", "--join"])]
    first.wait_for(lambda: any("block done" in helper.output for helper in helpers))
    first.kill()
    database.let_the_silence_be_noticed(first)
    deadline = time.monotonic() + 60
    while database.n_running():
        assert time.monotonic() < deadline, "\n".join(helper.output for helper in helpers)
        time.sleep(0.1)
    sweeper.wait_for(lambda: database.n_lists() == N_ARTICLES)
    assert sweeper.stop(signal.SIGTERM) == 0
    assert suggestions(project) == expected


def test_a_publish_does_not_wait_behind_the_sweepers_own_block(
    project: Project, database: Database
) -> None:
    """Its message was lost (there is no broker), and the sweeper hangs in a block of a rebuild."""
    sweeper = project.start([sys.executable, "manage.py", "process_related", "--loop"])
    sweeper.wait_for(lambda: "Working; " in sweeper.output)
    start = "from related.domain.rebuilds import rebuilding; rebuilding.start(cold=True)"
    project.manage("shell", "-c", start)
    statistics = "SELECT id FROM related_corpusstatistics ORDER BY generation DESC LIMIT 1"
    [(served,)] = database.rows(statistics)
    sweeper.wait_for(lambda: database.rows(statistics) != [(served,)])
    with psycopg.connect(project.environment["DATABASE_URL"]) as other:
        # What the block "learn" writes to: the sweeper waits for this transaction there.
        other.execute(f"{statistics} FOR UPDATE".encode())
        sweeper.wait_for(lambda: database.n_waiting_for_locks() > 0)
        publish = (
            "from newsroom.articles.models import Article; from django.utils import timezone; "
            "Article.objects.create(title='Late news', body='w1 w2 w3', status='published', "
            "language='en', published_at=timezone.now())"
        )
        project.manage("shell", "-c", publish)
        waiting = "SELECT count(*) FROM related_document WHERE done_rev < want_rev"
        sweeper.wait_for(lambda: database.number(waiting) == 0, seconds=20)
        assert database.n_waiting_for_locks() > 0  # the block still hangs
    sweeper.wait_for(lambda: database.n_running() == 0)
    assert sweeper.stop(signal.SIGTERM) == 0


def test_celery_workers_take_the_blocks(
    project: Project, database: Database, redis_url: str
) -> None:
    expected = suggestions(project)
    generation = database.number("SELECT generation FROM related_corpus")
    project.environment["CELERY_BROKER_URL"] = redis_url
    workers = [project.start_worker("publish,bulk", concurrency=1) for _ in range(2)]
    project.run(["celery", "-A", "newsroom", "call", "related.tasks.rebuild"])
    workers[0].wait_for(
        lambda: database.number("SELECT generation FROM related_corpus") > generation, seconds=90
    )
    # The worker that switched deletes the old generation when the run is closed.
    workers[0].wait_for(lambda: database.n_lists() == N_ARTICLES)
    assert database.n_running() == 0
    assert all("block done" in worker.output for worker in workers)
    # Rescored, so a score may differ in its last place; the targets do not.
    assert targets(suggestions(project)) == targets(expected)


def targets(exported: str) -> list[list[str]]:
    rows = map(json.loads, exported.splitlines())
    return [[suggestion["id"] for suggestion in row["suggestions"]] for row in rows]
