"""Notices as an operator runs them: the sweeper of the newsroom, a receiver, and a kill."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest

from tests.related.contrib.receiving import SECRET, Received, receiving
from tests.services.project import Project

pytestmark = pytest.mark.timeout(300)

SWEEPER = [sys.executable, "manage.py", "process_related", "--loop"]
PUBLISH = """
from newsroom.articles.models import Article
print(Article.objects.create(title="Bridge", body="Lanes reopen.", status="published",
                             published_at="2025-01-01T00:00Z").pk)
"""
WITHDRAW = """
import time
from newsroom.articles.models import Article
article = Article.objects.get()
article.status = "withdrawn"
article.save()
print(time.time())
"""
EDIT = """
from newsroom.articles.models import Article
article = Article.objects.get()
article.title = "Bridge opens"
article.status = "published"
article.save()
"""
SILENCE = """
from datetime import timedelta
from django.db.models.functions import Now
from related.contrib.notices.models import Receiver
from related.models import Worker
Worker.objects.update(heartbeat_at=Now() - timedelta(hours=1))
print(Receiver.objects.get().worker_id is not None)
"""


def test_a_withdrawal_is_told_at_once_and_a_killed_sweeper_loses_nothing(
    make_project: Callable[..., Project],
) -> None:
    with receiving() as receiver:
        options = {"kind": "webhook", "url": f"{receiver.url}/hook", "secret": SECRET}
        project = make_project(NOTICES=json.dumps({"front": options}))
        project.migrate()
        sweeper = project.start(SWEEPER)
        sweeper.wait_for_output("Working")

        def shell(code: str) -> str:
            return project.manage("shell", "-v", "0", "--no-imports", "-c", code).stdout.strip()

        def told(is_public: bool) -> list[Received]:
            return [
                each
                for each in receiver.received
                if any(d["id"] == pk and d["public"] == is_public for d in each.documents.values())
            ]

        pk = shell(PUBLISH)
        sweeper.wait_for(lambda: bool(told(True)))
        withdrawn_at = float(shell(WITHDRAW))
        sweeper.wait_for(lambda: bool(told(False)))
        # POLL_SECONDS and some for a busy machine.
        assert told(False)[0].received_at - withdrawn_at < 5

        receiver.take()
        receiver.script = ["hang"] * 2
        shell(EDIT)
        sweeper.wait_for(lambda: bool(told(True)))
        sweeper.kill()
        [unanswered] = told(True)
        receiver.take()
        receiver.script = []
        assert shell(SILENCE) == "True"
        sweeper = project.start(SWEEPER)
        sweeper.wait_for(lambda: bool(told(True)))
        assert told(True)[0].event == unanswered.event
        assert sweeper.stop() == 0
