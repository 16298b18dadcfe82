"""Celery as a project has set it up: a broker that workers see, a route for every task."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from celery import Celery, current_app
from django.core.checks import CheckMessage
from pytest_django import Settings

from tests.services.brokers import IN_MEMORY, Broker

Check = Callable[[], list[CheckMessage]]
UseBroker = Callable[[str], Broker]
REDIS = "redis://127.0.0.1/0"


def ids(messages: list[CheckMessage]) -> list[str | None]:
    return [message.id for message in messages]


def test_a_broker_that_celery_does_not_use(check: Check, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = REDIS
    assert ids(check()) == []
    project = current_app._get_current_object()
    Celery("forgotten", broker="redis://elsewhere/0").set_current()
    try:
        assert ids(check()) == ["related.W004"]
    finally:
        project.set_current()


def test_a_broker_in_this_process_reaches_no_worker(
    check: Check, use_broker: UseBroker, settings: Settings
) -> None:
    use_broker(IN_MEMORY)
    assert ids(check()) == ["related.W007"]
    settings.CELERY_TASK_ALWAYS_EAGER = True
    use_broker(IN_MEMORY)
    assert check() == []


def test_a_task_without_a_route(check: Check, use_broker: UseBroker, settings: Settings) -> None:
    settings.CELERY_TASK_DEFAULT_QUEUE = "celery"
    settings.CELERY_TASK_ROUTES = {
        "related.tasks.process_documents": {"queue": "publish"},
        "related.tasks.process_due": {"queue": "bulk"},
        "related.tasks.rebuild": {"queue": "bulk"},
        "related.tasks.work_in_bulk": {"queue": "bulk"},
    }
    use_broker(REDIS)
    [message] = check()
    assert message.id == "related.W008"
    assert "related.tasks.work_on_rebuild has no route" in message.msg
    assert "'celery'" in message.msg


@pytest.mark.parametrize(
    ("routes", "default"),
    [
        ({}, "celery"),
        ({"related.tasks.*": {"queue": "bulk"}}, "celery"),
        ({"related.tasks.process_due": {"queue": "all"}}, "all"),
    ],
)
def test_routes_that_leave_no_task_alone(
    check: Check, use_broker: UseBroker, settings: Settings, routes: dict[str, object], default: str
) -> None:
    settings.CELERY_TASK_DEFAULT_QUEUE = default
    settings.CELERY_TASK_ROUTES = routes
    use_broker(REDIS)
    assert check() == []
