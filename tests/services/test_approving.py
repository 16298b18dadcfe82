"""approve_suggestions, ended half-way: what it says, what stays, and how that is taken back."""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Callable

import psycopg
import pytest

from tests.services.project import Project

# 24 articles in pairs that are suggested for each other: a block of 20, and four older ones.
SITE = """
from django.contrib.auth.models import User
from tests.related.stored_articles import make_article, suggest

User.objects.create_user("ada b")
articles = [make_article(f"Report {n}", days_old=n + 1) for n in range(24)]
for one, other in zip(articles[::2], articles[1::2], strict=True):
    suggest(one, "related", other)
    suggest(other, "related", one)
"""
WAITING = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
# What an editor is about to decide on the oldest article, and has not committed yet.
DECIDE = """
INSERT INTO related_decision (document_id, slot_id, target_id, verdict, is_pinned, reasons, note,
                              decided_at, version)
SELECT document_id, slot_id, target_id, 'open', false, '[]', '', now(), 0
FROM related_suggestion
WHERE document_id = (SELECT id FROM related_document ORDER BY published_at LIMIT 1)
"""
APPROVED = "SELECT count(*) FROM related_decision WHERE verdict = 'approved'"
LOGGED = "SELECT count(*) FROM related_decisionlog WHERE operation = %s"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGKILL])
def test_what_an_interrupted_approval_did_can_be_taken_back(
    make_project: Callable[..., Project], migrated_postgres_url: str, ending: signal.Signals
) -> None:
    project = make_project(DATABASE_URL=migrated_postgres_url)
    project.manage("shell", "--verbosity", "0", "--command", SITE)
    database = migrated_postgres_url.rpartition("/")[2]
    with (
        psycopg.connect(migrated_postgres_url, autocommit=True) as watcher,
        psycopg.connect(migrated_postgres_url) as editor,
    ):
        editor.execute(DECIDE)  # the second block waits for this
        # Where the tests run in the background of a shell, it has their processes ignore SIGINT.
        listening = ["env", "--default-signal=INT", "python", "manage.py"]
        running = project.start([*listening, "approve_suggestions", "--user", "ada b"])
        running.wait_for(lambda: watcher.execute(WAITING, [database]).fetchone() is not None)
        running.popen.send_signal(ending)
        code = running.popen.wait(30)
        editor.rollback()

        [operation] = set(re.findall(r"(?<=Operation )[0-9a-f-]{36}", running.output))
        [command] = {*re.findall(r"To take it back: manage\.py (.*)", running.output)}
        if ending == signal.SIGINT:
            assert code == 1
            assert "Stopped by Ctrl-C after 20 of 24 documents. What is approved stays" in (
                running.output
            )
            assert "Traceback" not in running.output
        n_approved = watcher.execute(APPROVED).fetchone()
        assert n_approved == watcher.execute(LOGGED, [operation]).fetchone() == (20,)

        undone = project.manage(*shlex.split(command))

        assert undone.stdout.startswith("20 decisions taken back. 0 left")
        assert watcher.execute(APPROVED).fetchone() == (0,)
