"""Probes, and the command that tells operators whether the work is being done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article, Status
from related.domain.indexing import claiming
from related.domain.reports.health import measure_health
from related.enums import Phase, Priority, RunStatus
from related.models import Corpus, Document, RebuildBlock, RebuildRun
from tests.related.rows import approve, make_article, row_of, suggest
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


def a_day_ago() -> datetime:
    return timezone.now() - timedelta(days=1)


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
def test_a_second_chance_hides_no_failure_and_is_no_sign_of_missing_workers(
    client: Client,
) -> None:
    """Neither while a worker tries again what was set aside, nor after that failed as well."""
    row = leave_waiting(LONG_AGO, attempts=3, error="ValueError: bad", due_at=a_day_ago())
    (claim,) = claiming.claim([row.pk])
    for step in range(2):
        health = report(is_stale=True)
        assert (health["n_failed"], health["n_working"], health["n_waiting"]) == (1, 0, 0), step
        assert health["oldest_waiting_seconds"] is None
        assert client.get("/readyz").status_code == 200
        assert Document.objects.get(pk=row.pk).is_set_aside
        claiming.record_failure(claim, ValueError("bad again"))
    assert health["failed"][0]["attempts"] == 4


@pytest.mark.django_db
def test_readyz_is_not_put_off_by_the_last_try_once_it_failed(client: Client) -> None:
    row = leave_waiting(LONG_AGO, attempts=2, error="ValueError: bad", due_at=a_day_ago())
    (claim,) = claiming.claim([row.pk])
    assert client.get("/readyz").status_code == 503  # it may still go well
    claiming.record_failure(claim, ValueError("bad again"))
    assert client.get("/readyz").status_code == 200
    assert report(is_stale=True)["n_failed"] == 1


@pytest.mark.django_db
def test_readyz_before_the_migrations(client: Client) -> None:
    (newest,) = (name for app, name in MigrationLoader(None).graph.leaf_nodes() if app == "related")
    MigrationRecorder(connection).record_unapplied("related", newest)
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
    assert health.pop("last_rebuild_seconds") == pytest.approx(7200, abs=60)
    assert health.pop("rebuild")["status"] == "failed"
    assert health == {
        "is_stale": False,
        "state": "fresh",
        "summary": "Fresh: nothing is waiting, and every stored link matches the newest text.",
        "oldest_waiting_seconds": None,
        "oldest_waiting": "",
        "n_waiting": 0,
        "waiting_by_priority": {"publish": 0, "bulk": 0},
        "n_working": 0,
        "working": [],
        "n_failed": 0,
        "failed": [],
        "n_indexed": 3,
        "corpora": {"en": 0},
        "empty_slots": {"previous": 3, "next": 3, "inline": 3, "related": 1},
        "n_hidden_links": 0,
        "hidden_links": [],
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
    assert health["failed"][0] == {
        "document_id": failed[0].pk,
        "document": failed[0].label,
        "title": "Bridge closes",
        "attempts": 3,
        "error": "ValueError: 0",
    }


@pytest.mark.django_db
def test_the_report_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("related_health")
    printed = capsys.readouterr().out
    assert "waiting        0 documents (0 publish, 0 bulk)" in printed
    assert "last rebuild   never" in printed
    assert "slot related   empty for 0 of 0 documents" in printed
    document = leave_waiting(LONG_AGO)
    leave_waiting(LONG_AGO, attempts=3, error="ValueError: bad", due_at=document.due_at)
    with pytest.raises(CommandError) as stale:
        call_command("related_health")
    assert stale.value.returncode == 1
    assert "a document has waited 5 min (allowed: 300 s)" in str(stale.value)
    assert "1 document was set aside" in str(stale.value)
    assert "ValueError: bad" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_three_states_in_words() -> None:
    assert report(is_stale=False)["state"] == "fresh"
    waiting = leave_waiting(timedelta(seconds=100), priority=Priority.BULK)
    health = report(is_stale=False)
    assert (health["state"], health["oldest_waiting"]) == ("behind", waiting.label)
    assert health["summary"] == "Behind: 1 document waiting, the oldest for 1 min."
    assert health["waiting_by_priority"] == {"publish": 0, "bulk": 1}
    Document.objects.filter(pk=waiting.pk).update(marked_at=timezone.now() - LONG_AGO)
    assert report(is_stale=True)["state"] == "stale"


@pytest.mark.django_db
def test_documents_in_the_hands_of_workers() -> None:
    soon = timezone.now() + timedelta(seconds=20)
    row = leave_waiting(timedelta(seconds=1), attempts=1, due_at=soon)
    health = report(is_stale=False)
    assert (health["n_working"], health["n_waiting"]) == (1, 1)
    assert [tried["document"] for tried in health["working"]] == [row.label]


@pytest.mark.django_db
@pytest.mark.parametrize("hide", ["withdraw", "schedule", "delete"])
def test_approved_links_that_are_hidden_now(hide: str) -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    approve(article, "inline", make_article("C"))
    assert report(is_stale=False)["n_hidden_links"] == 0
    behind_our_back = Article.objects.filter(pk=target.pk)
    if hide == "delete":
        behind_our_back._raw_delete("default")
    elif hide == "schedule":
        tomorrow = timezone.now() + timedelta(days=1)
        behind_our_back.update(status=Status.SCHEDULED, published_at=tomorrow)
    else:
        behind_our_back.update(status=Status.WITHDRAWN)
    health = report(is_stale=False)
    assert health["n_hidden_links"] == 1
    (link,) = health["hidden_links"]
    title = row_label(target) if hide == "delete" else "B"
    assert (link["title"], link["slot"], link["target_title"]) == ("A", "related", title)


def row_label(article: Article) -> str:
    return f"newsroom.article:{article.pk}"


@pytest.mark.django_db
def test_a_running_rebuild_says_how_long_it_will_take() -> None:
    now = timezone.now()
    run = RebuildRun.objects.create(
        phase="search en", n_done=10, n_documents=40, started_at=now - LONG_AGO
    )
    half_a_minute_ago = now - timedelta(seconds=30)
    blocks = (
        {"phase": Phase.DETECT_CHANGES, "done_at": half_a_minute_ago},
        {
            "phase": Phase.SEARCH,
            "done_at": now,
        },
    )
    for fields in blocks:
        RebuildBlock.objects.create(run=run, first=0, last=9, n_documents=10, **fields)
    rebuild = report(is_stale=False)["rebuild"]
    assert (rebuild["status"], rebuild["n_done"], rebuild["n_documents"]) == ("running", 10, 40)
    assert rebuild["remaining_seconds"] == pytest.approx(90, abs=60)  # 30 s for 10, 30 are left


@pytest.mark.django_db
@pytest.mark.parametrize("n_rows", [1, 3])
def test_a_constant_number_of_queries(
    n_rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    soon = timezone.now() + timedelta(seconds=20)
    for _ in range(n_rows):
        leave_waiting(LONG_AGO, attempts=3, error="bad", due_at=timezone.now() - LONG_AGO)
        leave_waiting(LONG_AGO, attempts=1, due_at=soon)
        target = make_article("Target")
        approve(make_article("A"), "related", target)
        Article.objects.filter(pk=target.pk).update(status=Status.WITHDRAWN)
        RebuildRun.objects.create(status=RunStatus.FINISHED, finished_at=timezone.now())
        Corpus.objects.create(language=f"l{Corpus.objects.count()}")
    measure_health()  # content types are cached from here on
    with django_assert_num_queries(13):
        assert measure_health().n_failed == n_rows


@pytest.mark.django_db
def test_an_error_cannot_forge_lines_in_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "ValueError: \x1b[2J\nset aside 0 documents"
    leave_waiting(LONG_AGO, attempts=3, error=hostile, due_at=timezone.now() - LONG_AGO)
    with pytest.raises(CommandError):
        call_command("related_health")
    printed = capsys.readouterr().out
    assert "ValueError:  [2J set aside 0 documents" in printed
    assert "\x1b" not in printed


@pytest.mark.django_db
def test_what_is_tried_again_does_not_turn_the_site_red(client: Client) -> None:
    row = leave_waiting(LONG_AGO, attempts=3, error="bad", due_at=timezone.now() - LONG_AGO)
    Document.objects.filter(pk=row.pk).mark(Priority.PUBLISH)
    assert client.get("/readyz").status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_an_edit_of_what_waits_hides_no_absent_worker(client: Client) -> None:
    row = leave_waiting(LONG_AGO)
    Document.objects.filter(pk=row.pk).mark(Priority.PUBLISH)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
