"""Real workers that freeze: others take over, and who comes back does no harm."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.project import Project

# Real processes start slowly where the machine is busy.
pytestmark = pytest.mark.timeout(300)

SWEEPER = [sys.executable, "manage.py", "process_related", "--loop"]
PUBLISH = """
from benchmarks.faulting.apps import DEADLY
from newsroom.articles.models import Article
Article.objects.create(title="Bridge", body={body}, status="published",
                       published_at="2025-01-01T00:00Z")
"""


def is_frozen(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_a_frozen_worker_is_replaced_and_writes_nothing_when_it_comes_back(
    make_project: Callable[..., Project], migrated_postgres_url: str
) -> None:
    # Not SQLite: who is frozen in the middle of a write keeps its only lock.
    project = make_project(
        DATABASE_URL=migrated_postgres_url,
        DJANGO_SETTINGS_MODULE="benchmarks.faulting.settings",
        FAULTS_TEXTS_SEND="SIGSTOP",
        FAULTS_SILENCE_SECONDS="2",
    )
    project.manage("shell", "-v", "0", "-c", PUBLISH.format(body="DEADLY"))
    frozen = project.start(SWEEPER)
    frozen.wait_for(lambda: is_frozen(frozen.popen.pid))
    assert "document claimed" in frozen.output

    project.environment["FAULTS_TEXTS_SEND"] = ""
    other = project.start(SWEEPER)
    other.wait_for_output("document stored")
    assert "worker died" in other.output
    other.stop()

    os.kill(frozen.popen.pid, signal.SIGCONT)
    time.sleep(2)  # to do harm, if it could
    assert "document stored" not in frozen.output
    project.manage("shell", "-v", "0", "-c", PUBLISH.format(body="'Lanes reopen.'"))
    frozen.wait_for_output("document stored")
    assert frozen.output.count("document stored") == 1
    assert frozen.stop() == 0
