"""Wake-up calls: what is sent, and how little a broker that is away may cost."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from related import tasks
from related.domain.indexing.processing import STORED_AT_ONCE
from related.enums import Priority
from related.models import Document
from tests.factories import ArticleFactory


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch, settings: object) -> list[str]:
    """The names of the tasks that were sent; no broker is needed to see that."""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    monkeypatch.setattr(tasks, "_paused_until", 0.0)
    names: list[str] = []
    for task in (tasks.process_documents, tasks.process_due):
        monkeypatch.setattr(task, "delay", lambda *args, name=task.name: names.append(name))
    return names


def test_a_publish_names_its_documents_and_bulk_work_does_not(sent: list[str]) -> None:
    tasks.wake_up([1], Priority.PUBLISH)
    tasks.wake_up([1, 2, 3], Priority.BULK)
    assert sent == ["related.tasks.process_documents", "related.tasks.process_due"]


def test_without_a_broker_nothing_is_sent(sent: list[str], settings: object) -> None:
    settings.CELERY_BROKER_URL = ""  # type: ignore[attr-defined]
    tasks.wake_up([1], Priority.PUBLISH)
    assert sent == []


def test_after_a_failure_the_broker_is_left_alone_for_a_while(
    sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action on fifty articles waits for a silent broker once, not fifty times."""
    tried: list[int] = []

    def fail(document_ids: list[int]) -> None:
        tried.append(1)
        raise OperationalError("silent")

    with monkeypatch.context() as patch:
        patch.setattr(tasks.process_documents, "delay", fail)
        for _ in range(50):
            tasks.wake_up([1], Priority.PUBLISH)
    assert len(tried) == 1
    monkeypatch.setattr(tasks, "_paused_until", 0.0)  # the pause is over
    tasks.wake_up([1], Priority.PUBLISH)
    assert sent == ["related.tasks.process_documents"]


@pytest.mark.django_db
def test_who_is_woken_takes_publishes_whose_messages_were_lost(sent: list[str]) -> None:
    ArticleFactory.create_batch(3)
    (named, *lost) = Document.objects.claimable().values_list("pk", flat=True)
    Document.objects.filter(pk=lost[-1]).update(priority=Priority.BULK)
    tasks.process_documents([named])
    assert list(Document.objects.waiting().values_list("pk", flat=True)) == lost[-1:]


@pytest.mark.django_db
def test_who_is_woken_leaves_most_to_the_others(sent: list[str]) -> None:
    ArticleFactory.create_batch(STORED_AT_ONCE + 3)
    (named, *_) = Document.objects.claimable().values_list("pk", flat=True)
    tasks.process_documents([named])
    assert Document.objects.waiting().count() == 2
