"""Probes: whether the site is up, and whether its work is being done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from related.domain.indexing import claiming
from related.enums import Priority
from related.models import Document, Worker
from tests.related.reports.waiting import LONG_AGO, leave_waiting, report
from tests.related.stored_articles import make_article
from tests.services.ports import free_port
from tests.services.project import Project


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
    leave_waiting(LONG_AGO, **fields)
    assert client.get("/readyz").status_code == 200
    report(is_stale=True)


@pytest.mark.django_db
def test_a_second_chance_hides_no_failure_and_is_no_sign_of_missing_workers(
    client: Client,
) -> None:
    """Neither while a worker tries again what was set aside, nor after that failed as well."""
    row = leave_waiting(LONG_AGO, attempts=3, error="ValueError: bad")
    (claimed,) = claiming.claim(Worker.register(), [row.pk])
    for step in range(2):
        health = report(is_stale=True)
        assert (health["n_failed"], health["n_working"], health["n_waiting"]) == (1, 0, 0), step
        assert health["oldest_waiting_seconds"] is None
        assert client.get("/readyz").status_code == 200
        assert Document.objects.get(pk=row.pk).is_set_aside
        claiming.record_failure(claimed, ValueError("bad again"))
    assert health["failed"][0]["attempts"] == 4


@pytest.mark.django_db
def test_readyz_is_not_put_off_by_the_last_try_once_it_failed(client: Client) -> None:
    row = leave_waiting(LONG_AGO, attempts=2, error="ValueError: bad")
    (claimed,) = claiming.claim(Worker.register(), [row.pk])
    assert client.get("/readyz").status_code == 503  # it may still go well
    claiming.record_failure(claimed, ValueError("bad again"))
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
def test_what_is_tried_again_does_not_turn_the_site_red(client: Client) -> None:
    row = leave_waiting(LONG_AGO, attempts=3, error="bad")
    Document.objects.filter(pk=row.pk).mark(Priority.PUBLISH)
    assert client.get("/readyz").status_code == 200
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_an_edit_of_what_waits_hides_no_absent_worker(client: Client) -> None:
    row = leave_waiting(LONG_AGO)
    Document.objects.filter(pk=row.pk).mark(Priority.PUBLISH)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
