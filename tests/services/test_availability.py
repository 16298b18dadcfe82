"""Readers and publishes do not notice that Redis and the workers are away; imports delay nobody."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable

import psycopg
import pytest

from benchmarks.availability import measure_both
from benchmarks.availability_site import Outcome, Site
from benchmarks.filled import run
from tests.services.project import Project
from tests.services.redis import RedisServer

# Real processes start slowly where the machine is busy.
pytestmark = pytest.mark.timeout(300)

N_ARTICLES = 400
SECONDS = 8  # of each fault
N_READERS = 4
# Seconds. How long the slowest of many takes, benchmarks/availability.py judges, which is alone.
TYPICAL_PUBLISH = 4.0

PUBLISH = """
from newsroom.articles import publishing
from newsroom.articles.models import Article
first = Article.objects.earliest("pk")
fresh = Article(title=first.title, slug="fresh", body=first.body, section=first.section)
fresh.save()
publishing.publish(fresh)
"""
# As after an import that changed every article.
MARK_ALL = """
import related
from django.db import transaction
from newsroom.articles.models import Article
with transaction.atomic():
    related.mark_changed(Article.objects.only("pk"))
"""


@pytest.fixture
def archive(make_project: Callable[..., Project], migrated_postgres_url: str) -> Project:
    """A project with published articles and their links, without a broker."""
    project = make_project(DATABASE_URL=migrated_postgres_url)
    run(project, "-m", "benchmarks.publish_fill", str(N_ARTICLES))
    project.manage("rebuild_related")
    return project


def check(outcome: Outcome) -> None:
    assert outcome.readers.wrong == []
    assert outcome.readers.answers["200"] > 0
    assert outcome.wrong_publishes == []
    assert outcome.n_lost == 0
    assert outcome.n_withdrawn > 0
    assert statistics.median(outcome.publishes) < TYPICAL_PUBLISH


def test_reads_and_publishes_go_on_without_redis_and_workers(
    archive: Project, redis_server: RedisServer
) -> None:
    site = Site(archive, redis_server)
    outcomes = measure_both(site, SECONDS, N_READERS, with_workers=False)
    check(outcomes["down"])
    check(outcomes["silent"])


def test_a_publish_is_worked_off_before_a_backlog(archive: Project) -> None:
    """The backlog waited first; versions tell in what order the vectors were stored."""
    archive.manage("shell", "-v", "0", "-c", MARK_ALL)
    archive.manage("shell", "-v", "0", "-c", PUBLISH)
    with psycopg.connect(archive.environment["DATABASE_URL"], autocommit=True) as database:

        def number(query: str) -> int:
            row = database.execute(query.encode()).fetchone()
            assert row is not None
            return int(row[0])

        waiting = "SELECT count(*) FROM related_document WHERE done_rev < want_rev"
        assert number(waiting) == N_ARTICLES + 1
        worker = archive.start([sys.executable, "manage.py", "process_related", "--loop"])
        worker.wait_for(lambda: number(waiting) == 0, seconds=120)
        fresh = number(
            "SELECT d.id FROM related_document d "
            "JOIN newsroom_article a ON d.object_id = a.id::text WHERE a.slug = 'fresh'"
        )
        n_later = number(
            "SELECT count(*) FROM related_documentvector WHERE version > "
            f"(SELECT version FROM related_documentvector WHERE document_id = {fresh})"
        )
        assert n_later >= N_ARTICLES // 4
        assert number(f"SELECT count(*) FROM related_suggestion WHERE document_id = {fresh}") > 0
