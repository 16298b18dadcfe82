"""Publishing, deciding and rebuilding while everything breaks; benchmarks/faults.py runs long."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.faulting.reporting import report
from benchmarks.faulting.running import run
from benchmarks.faulting.stage import Plan
from tests.services.project import Project

# Real processes start slowly where the machine is busy.
pytestmark = pytest.mark.timeout(600)


def plan(database: str, *, n_publishes: int, n_faults: int) -> Plan:
    """A short run: dead workers are noticed soon."""
    return Plan(
        database=database,
        n_publishes=n_publishes,
        n_faults=n_faults,
        seed=11,
        pace=0.04,
        n_archive=150,
        silence_seconds=4,
        rebuild_seconds=20,
        min_snapshot=50,
        disk_megabytes=200,
        longest_save=5.0,  # beside other tests; benchmarks/faults.py, which is alone, takes 1.5
    )


def test_nothing_is_lost_on_postgresql(tmp_path: Path) -> None:
    outcome = run(plan("postgresql", n_publishes=120, n_faults=8), tmp_path)
    assert outcome.broken == [], report(outcome)


def test_nothing_is_lost_on_sqlite(tmp_path: Path) -> None:
    outcome = run(plan("sqlite", n_publishes=60, n_faults=5), tmp_path)
    assert outcome.broken == [], report(outcome)


PUBLISH = """
from newsroom.articles.models import Article
Article.objects.create(title="Bridge", body="Lanes reopen.", status="published",
                       published_at="2025-01-01T00:00Z")
"""
MAKE_DEADLY = """
from benchmarks.faulting.apps import DEADLY
from newsroom.articles.models import Article
article = Article.objects.get()
article.body = DEADLY
article.save()
"""
STATE = """
from related.models import Document, RebuildRun
row = Document.objects.failed().get()
print(row.attempts, row.done_rev < row.want_rev, RebuildRun.objects.first().status)
"""


def test_a_text_that_kills_workers_does_not_stop_rebuilds(
    make_project: Callable[..., Project],
) -> None:
    project = make_project(
        DJANGO_SETTINGS_MODULE="benchmarks.faulting.settings",
        FAULTS_TEXTS_SEND="SIGKILL",
        FAULTS_SILENCE_SECONDS="1",
    )
    project.migrate()
    shell = ("shell", "-v", "0", "-c")
    project.manage(*shell, PUBLISH)
    project.manage("rebuild_related")
    project.manage(*shell, MAKE_DEADLY)
    sweeper = [sys.executable, "manage.py", "process_related", "--loop"]
    for _ in range(3):
        assert project.start(sweeper).popen.wait(60) == -9
    project.manage("rebuild_related")
    assert project.manage(*shell, STATE).stdout.split() == ["3", "True", "finished"]
