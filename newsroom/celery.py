"""The Celery application: `celery -A newsroom worker`, `celery -A newsroom beat`."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

app = Celery("newsroom")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_django_does(**kwargs: Any) -> None:
    """Replace Celery's own logging set-up, so that workers and the site log in one format."""
    logging.config.dictConfig(settings.LOGGING)


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
