"""Marking: a change and its mark are one transaction, and only a commit wakes the workers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

import related
from related import tasks
from related.enums import Priority
from related.models import Document
from tests.related.news import BAKERY, FLOOD, document_of, publish, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, Priority]]:
    """What the workers would be told: how many documents, and how urgent."""
    calls: list[tuple[int, Priority]] = []
    monkeypatch.setattr(tasks, "wake_up", lambda ids, priority: calls.append((len(ids), priority)))
    return calls


def test_a_save_marks_its_document() -> None:
    article = publish("Barrier raised", FLOOD)
    assert (document_of(article).want_rev, document_of(article).done_rev) == (1, 0)
    article.save()
    assert document_of(article).want_rev == 2


def test_a_rolled_back_save_leaves_nothing(
    woken: list[tuple[int, Priority]], django_capture_on_commit_callbacks: object
) -> None:
    def fail() -> None:
        with transaction.atomic():
            publish("Barrier raised", FLOOD)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):  # type: ignore[operator]
        fail()
    assert Document.objects.count() == 0
    assert woken == []


def test_workers_are_woken_after_the_commit(
    woken: list[tuple[int, Priority]], django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        publish("Barrier raised", FLOOD)
        assert woken == []
    assert woken == [(1, Priority.PUBLISH)]


def test_a_broker_that_fails_does_not_fail_the_save(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: object,
) -> None:
    def refuse(ids: list[int], priority: Priority) -> None:
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr(tasks, "wake_up", refuse)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        article = publish("Barrier raised", FLOOD)
    assert document_of(article).is_waiting
    assert "no broker" in caplog.text


def test_bulk_changes_wake_once_and_wait_behind_publishes(
    woken: list[tuple[int, Priority]], django_capture_on_commit_callbacks: object
) -> None:
    with (
        django_capture_on_commit_callbacks(execute=True),  # type: ignore[operator]
        transaction.atomic(),
        related.bulk_changes(),
    ):
        articles = [publish("Barrier raised", FLOOD), publish("Bakery opens", BAKERY)]
    assert woken == [(2, Priority.BULK)]
    fresh = publish("Barrier held", FLOOD)
    assert Document.objects.claimable().first() == document_of(fresh)
    articles[0].save()  # an editor touches one of the imported: it moves to the front, too
    assert document_of(articles[0]).priority == Priority.PUBLISH


def test_bulk_changes_that_fail_mark_nothing() -> None:
    def fail() -> None:
        with transaction.atomic(), related.bulk_changes():
            publish("Barrier raised", FLOOD)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert Document.objects.count() == 0


def test_a_fixture_being_loaded_is_not_marked(tmp_path: object) -> None:
    article = publish("Barrier raised", FLOOD)
    fixture = f"{tmp_path}/articles.json"
    call_command("dumpdata", "newsroom.article", output=fixture, verbosity=0)
    before = document_of(article).want_rev
    call_command("loaddata", fixture, verbosity=0)
    assert document_of(article).want_rev == before


def test_a_delete_marks_the_document_and_keeps_it() -> None:
    article = publish("Barrier raised", FLOOD)
    document = document_of(article)
    article.delete()
    document.refresh_from_db()
    assert document.want_rev == 2


def test_an_edit_revives_a_document_that_was_set_aside() -> None:
    article = publish("Barrier raised", FLOOD)
    in_a_day = timezone.now() + timedelta(days=1)
    Document.objects.update(attempts=3, error="ValueError: bad text", retry_at=in_a_day)
    assert not Document.objects.claimable().exists()
    article.save()
    document = Document.objects.claimable().get()
    assert (document.attempts, document.error, document.retry_at) == (0, "", None)


def test_waiting_counts_from_the_first_change() -> None:
    article = publish("Barrier raised", FLOOD)
    since = document_of(article).marked_at
    article.save()
    assert document_of(article).marked_at == since
    Document.objects.update(done_rev=2)
    article.save()
    assert document_of(article).marked_at > since


def test_an_unregistered_model_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match=r"newsroom\.section is not registered"):
        related.mark_changed([section("Local")])
