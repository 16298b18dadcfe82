"""The Celery application: `celery -A newsroom worker`, `celery -A newsroom beat`."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_prerun, worker_init
from django.conf import settings

from newsroom.request_ids import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

app = Celery("newsroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_django_does(**kwargs: Any) -> None:
    """Replace Celery's own logging set-up, so that workers and the site log in one format."""
    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(capture=True)


@worker_init.connect
def wait_longer_for_the_broker(**kwargs: Any) -> None:
    """Give a worker the long timeouts of a process that nobody is waiting for.

    The settings hold the publisher's: half a second, because an editor waits for the save. A
    worker that dropped its connection on every slow reply would reconnect all day instead.
    """
    app.conf.broker_transport_options = {
        **app.conf.broker_transport_options,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
    }


@before_task_publish.connect
def send_the_request_id(headers: dict[str, Any], **kwargs: Any) -> None:
    headers["newsroom_request_id"] = request_id.get()


@task_prerun.connect
def take_the_request_id(task: Any, **kwargs: Any) -> None:
    """What a worker logs of a task carries the id of the request that caused it."""
    request_id.set(getattr(task.request, "newsroom_request_id", None) or "")
