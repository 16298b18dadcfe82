"""Celery, where the project has it: a broker that workers see, and a route for every task."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004
from django.utils.translation import gettext as _

from related.wakeups import TASKS, celery_app, has_broker

IN_THIS_PROCESS = ("memory://", "memory")


def check_broker(**kwargs: Any) -> list[CheckMessage]:
    broker = getattr(settings, "CELERY_BROKER_URL", "")
    if celery_app is None:
        return [_without_celery()] if broker else []
    if broker and celery_app.conf.broker_url != broker:
        return [
            Warning(
                _(
                    "CELERY_BROKER_URL is set, but the Celery application of this process does not "
                    "use it."
                ),
                hint=_(
                    "Import your Celery app in the project's __init__.py, configured by "
                    "app.config_from_object('django.conf:settings', namespace='CELERY')."
                ),
                id="related.W004",
            )
        ]
    if celery_app.conf.task_always_eager:
        return []
    if str(celery_app.conf.broker_url or "").startswith(IN_THIS_PROCESS):
        return [
            Warning(
                _("The broker memory:// is in this process alone: no worker hears of changes."),
                hint=_(
                    "Name a Redis or RabbitMQ that the workers reach as well, or leave the broker "
                    "out and run process_related --loop."
                ),
                id="related.W007",
            )
        ]
    return []


def _without_celery() -> CheckMessage:
    return Warning(
        _("CELERY_BROKER_URL is set, but Celery is not installed where this process runs."),
        hint=_(
            "pip install 'django-newsroom-related[celery]'; until then no worker hears of changes."
        ),
        id="related.W004",
    )


def check_routes(**kwargs: Any) -> list[CheckMessage]:
    """Where a project routes some of the tasks, its workers listen to those queues only."""
    if not has_broker():
        return []
    router = celery_app.amqp.router
    routes = {name: router.lookup_route(name) for name in TASKS}
    queues = {_name(route.get("queue")) for route in routes.values() if route}
    default = celery_app.conf.task_default_queue
    if not queues or default in queues:
        return []
    return [
        Warning(
            _("The task %(task)s has no route: it goes to the queue %(queue)r, other tasks do not.")
            % {"task": name, "queue": default},
            hint=_(
                "Add 'related.tasks.*' to CELERY_TASK_ROUTES, as docs/guide/production.md has it; "
                "in a queue that no worker listens to, messages pile up."
            ),
            id="related.W008",
        )
        for name, route in routes.items()
        if not route
    ]


def _name(queue: Any) -> str:
    """A route names a queue or holds it."""
    return str(getattr(queue, "name", queue))
