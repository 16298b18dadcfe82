"""Probes, and the command that tells operators whether the work is being done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from related.enums import Priority, RunStatus
from related.models import Document, RebuildRun
from tests.related.pages import approve, make_article, row_of, suggest
from tests.services.ports import free_port
from tests.services.project import Project

LONG_AGO = timedelta(seconds=301)


def report(*, is_stale: bool) -> dict[str, Any]:
    stdout = StringIO()
    if is_stale:
        with pytest.raises(CommandError):
            call_command("related_health", "--json", stdout=stdout)
    else:
        call_command("related_health", "--json", stdout=stdout)
    health: dict[str, Any] = json.loads(stdout.getvalue())
    assert health["is_stale"] is is_stale
    return health


def leave_waiting(age: timedelta, **fields: Any) -> Document:
    document = row_of(make_article())
    Document.objects.filter(pk=document.pk).update(
        want_rev=document.done_rev + 1, marked_at=timezone.now() - age, **fields
    )
    return document


def test_healthz_asks_nothing(client: Client) -> None:
    response = client.get("/healthz")  # without the database mark, a query would raise
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_only_answer_questions(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
def test_readyz_with_nothing_to_do(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_article()
    with django_assert_max_num_queries(4):
        response = client.get("/readyz")
    checks = {"database": "ok", "migrations": "ok", "work": "ok"}
    assert response.json() == {"status": "ok", "checks": checks}
    assert response.status_code == 200


@pytest.mark.django_db
def test_readyz_while_a_publish_waits_too_long(client: Client) -> None:
    leave_waiting(timedelta(seconds=200))
    assert client.get("/readyz").status_code == 200
    leave_waiting(LONG_AGO)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["work"].startswith("behind: ")
    assert b"Bridge" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"priority": Priority.BULK},  # a big import may take longer
        {"attempts": 3, "error": "ValueError: bad"},  # set aside; the site itself is fine
    ],
)
def test_readyz_is_not_put_off_by_bulk_work_or_a_poisoned_text(
    client: Client, fields: dict[str, Any]
) -> None:
    leave_waiting(LONG_AGO, due_at=timezone.now() - LONG_AGO, **fields)
    assert client.get("/readyz").status_code == 200
    report(is_stale=True)


@pytest.mark.django_db
def test_readyz_before_the_migrations(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("related", "0003_rebuild_blocks")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"] == "behind: run manage.py migrate"


def test_readyz_without_a_database(make_project: Callable[..., Project]) -> None:
    nobody = f"postgres://nobody:secret@127.0.0.1:{free_port()}/none"
    project = make_project(DATABASE_URL=nobody)
    code = (
        "from django.test import Client;"
        "r = Client().get('/readyz', headers={'host': 'localhost'});"
        "print(r.status_code, r.content.decode())"
    )
    result = project.manage("shell", "-c", code)
    unavailable = '503 {"status": "unavailable", "checks": {"database": "unreachable"}}'
    assert unavailable in result.stdout
    assert "secret" not in result.stdout + result.stderr


@pytest.mark.django_db
def test_a_healthy_site() -> None:
    article, target = make_article("A"), make_article("B")
    make_article("C")
    suggest(article, "related", target)
    approve(target, "related", article)
    finished = timezone.now() - timedelta(hours=2)
    RebuildRun.objects.create(status=RunStatus.FINISHED, finished_at=finished)
    RebuildRun.objects.create(status=RunStatus.FAILED, finished_at=timezone.now())
    health = report(is_stale=False)
    assert health["last_rebuild_seconds"] == pytest.approx(7200, abs=60)
    assert health | {"last_rebuild_seconds": None} == {
        "is_stale": False,
        "oldest_waiting_seconds": None,
        "n_waiting": 0,
        "n_failed": 0,
        "failed": [],
        "n_indexed": 3,
        "empty_slots": {"previous": 3, "next": 3, "inline": 3, "related": 1},
        "last_rebuild_seconds": None,
    }


@pytest.mark.django_db
def test_documents_that_wait_and_documents_set_aside() -> None:
    leave_waiting(timedelta(seconds=100))
    health = report(is_stale=False)
    assert health["n_waiting"] == 1
    assert health["oldest_waiting_seconds"] == pytest.approx(100, abs=30)
    long_past = timezone.now() - LONG_AGO
    failed = [
        leave_waiting(LONG_AGO, attempts=3, error=f"ValueError: {n}", due_at=long_past)
        for n in range(11)
    ]
    health = report(is_stale=True)
    assert (health["n_waiting"], health["n_failed"], len(health["failed"])) == (1, 11, 10)
    first = {"document": failed[0].label, "attempts": 3, "error": "ValueError: 0"}
    assert health["failed"][0] == first


@pytest.mark.django_db
def test_the_report_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("related_health")
    printed = capsys.readouterr().out
    assert "waiting        0 documents" in printed
    assert "last rebuild   never" in printed
    assert "slot related   empty for 0 of 0 documents" in printed
    document = leave_waiting(LONG_AGO)
    leave_waiting(LONG_AGO, attempts=3, error="ValueError: bad", due_at=document.due_at)
    with pytest.raises(CommandError) as stale:
        call_command("related_health")
    assert stale.value.returncode == 1
    assert "a document has waited 5 min (allowed: 300 s)" in str(stale.value)
    assert "1 documents were set aside" in str(stale.value)
    assert "ValueError: bad" in capsys.readouterr().out
