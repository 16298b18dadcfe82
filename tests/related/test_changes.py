"""A change and its mark are one transaction, and only its commit wakes the workers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

import related
from newsroom.articles.models import Article
from related.enums import Priority
from related.models import Document
from tests.related.stories import BAKERY, FLOOD, document_of, publish, section
from tests.services.brokers import Broker

pytestmark = pytest.mark.django_db

BULK = ("bulk", "related.tasks.process_due", [])


def named(*articles: Article) -> tuple[str, str, list[list[int]]]:
    """The message that asks for these articles by name."""
    keys = [document_of(article).pk for article in articles]
    return ("publish", "related.tasks.process_documents", [keys])


def test_workers_are_woken_after_the_commit(
    memory_broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        article = publish("Barrier raised", FLOOD)
        assert memory_broker.received() == []
    assert memory_broker.received() == [named(article)]


def test_a_rolled_back_save_leaves_nothing(
    memory_broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def fail() -> None:
        with transaction.atomic():
            publish("Barrier raised", FLOOD)
            raise RuntimeError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError):
        fail()
    assert Document.objects.count() == 0
    assert memory_broker.received() == []


def test_a_broker_that_fails_does_not_fail_the_save(
    use_broker: Callable[[str], Broker],
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    use_broker("carrier-pigeon://127.0.0.1/")
    with django_capture_on_commit_callbacks(execute=True):
        article = publish("Barrier raised", FLOOD)
    assert document_of(article).is_waiting
    assert "No such transport: carrier-pigeon" in caplog.text


def test_rows_that_sent_no_signal_are_marked_when_the_site_says_so(
    memory_broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    articles = [publish("Barrier raised", FLOOD), publish("Bakery opens", BAKERY)]
    Article.objects.update(source="Agency")
    with django_capture_on_commit_callbacks(execute=True):
        related.mark_changed(articles)
    assert [document_of(article).want_rev for article in articles] == [2, 2]
    assert memory_broker.received() == [BULK]
    with django_capture_on_commit_callbacks(execute=True):
        related.mark_changed(articles[:1])
    assert memory_broker.received() == [named(articles[0])]
    with django_capture_on_commit_callbacks(execute=True):
        related.mark_changed([])
    assert memory_broker.received() == []


def test_bulk_changes_wake_once_and_wait_behind_publishes(
    memory_broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with (
        django_capture_on_commit_callbacks(execute=True),
        transaction.atomic(),
        related.bulk_changes(),
    ):
        articles = [publish("Barrier raised", FLOOD), publish("Bakery opens", BAKERY)]
    assert memory_broker.received() == [BULK]
    fresh = publish("Barrier held", FLOOD)
    assert Document.objects.claimable().first() == document_of(fresh)
    articles[0].save()  # an editor touches one of the imported: it moves to the front, too
    assert document_of(articles[0]).priority == Priority.PUBLISH


def test_the_outermost_block_marks_for_those_inside(
    memory_broker: Broker, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), related.bulk_changes():
        with related.bulk_changes():
            publish("Barrier raised", FLOOD)
        assert not Document.objects.exists()
        publish("Bakery opens", BAKERY)
    assert Document.objects.count() == 2
    assert memory_broker.received() == [BULK]


def test_bulk_changes_that_fail_mark_nothing() -> None:
    def fail() -> None:
        with transaction.atomic(), related.bulk_changes():
            publish("Barrier raised", FLOOD)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert Document.objects.count() == 0
    article = publish("Barrier raised", FLOOD)  # and the next save is marked by itself again
    assert document_of(article).is_waiting


def test_an_unregistered_model_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match=r"newsroom\.section is not registered"):
        related.mark_changed([section("Local")])
