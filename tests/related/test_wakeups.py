"""Wake-up calls: what is sent, and how little a broker that is away may cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from celery import Celery
from pytest_django import Settings

from related.enums import Priority
from related.wakeups import HELPERS, Pause, call_helpers, wake_up
from tests.factories import ArticleFactory
from tests.related.stories import document_of
from tests.services.brokers import IN_MEMORY, Broker
from tests.services.ports import free_port

PUBLISH, DUE, HELP = (
    f"related.tasks.{name}" for name in ("process_documents", "process_due", "work_on_rebuild")
)


class Clock:
    """Shows the time that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def silent_broker(use_broker: Callable[[str], Broker]) -> Broker:
    """An address at which nobody answers."""
    return use_broker(f"redis://127.0.0.1:{free_port()}/0")


def test_a_publish_names_its_documents_and_bulk_work_does_not(memory_broker: Broker) -> None:
    wake_up([1], Priority.PUBLISH)
    wake_up([1, 2, 3], Priority.BULK)
    assert memory_broker.received() == [("publish", PUBLISH, [[1]]), ("bulk", DUE, [])]


def test_a_rebuild_calls_many_helpers(memory_broker: Broker) -> None:
    call_helpers()
    assert memory_broker.received() == [("bulk", HELP, [])] * HELPERS


def test_without_a_broker_nothing_is_sent(
    memory_broker: Broker, use_broker: Callable[[str], Broker]
) -> None:
    use_broker("")
    wake_up([1], Priority.PUBLISH)
    call_helpers()
    assert memory_broker.received() == []


def test_a_broker_that_only_celery_knows_is_used() -> None:
    """A site may configure its Celery application elsewhere than in Django's settings."""
    app = Celery("configured_elsewhere", broker=IN_MEMORY, set_as_current=False)
    app.conf.task_default_queue = "publish"
    with Broker(app) as broker:
        wake_up([1], Priority.PUBLISH)
        assert broker.received() == [("publish", PUBLISH, [[1]])]


@pytest.mark.django_db
def test_a_site_may_have_its_tasks_done_at_once(
    use_broker: Callable[[str], Broker], settings: Settings
) -> None:
    settings.CELERY_TASK_ALWAYS_EAGER = True
    broker = use_broker(IN_MEMORY)
    document = document_of(ArticleFactory())
    wake_up([document.pk], Priority.PUBLISH)
    document.refresh_from_db()
    assert not document.is_waiting
    assert broker.received() == []


def test_after_a_failure_the_broker_is_left_alone_for_a_while(
    silent_broker: Broker,
    use_broker: Callable[[str], Broker],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An action on fifty articles waits for a silent broker once, not fifty times."""
    clock = Clock()
    pause = Pause(seconds=5, clock=clock)
    for _ in range(50):
        wake_up([1], Priority.PUBLISH, pause)
    assert caplog.text.count("workers not woken") == 1

    broker_is_back = use_broker(IN_MEMORY)
    clock.now = 4.9
    wake_up([1], Priority.PUBLISH, pause)
    assert broker_is_back.received() == []
    clock.now = 5.0
    wake_up([1], Priority.PUBLISH, pause)
    assert broker_is_back.received() == [("publish", PUBLISH, [[1]])]


def test_a_rebuild_goes_on_without_the_helpers_it_cannot_call(
    silent_broker: Broker, caplog: pytest.LogCaptureFixture
) -> None:
    call_helpers(Pause(seconds=5, clock=Clock()))
    assert caplog.text.count("workers not woken") == 1
