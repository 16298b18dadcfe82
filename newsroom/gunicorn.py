"""The web server's configuration: `gunicorn --config python:newsroom.gunicorn newsroom.wsgi`.

Its own lines, those of its main process included, are as `LOG_FORMAT` says. What it listens to,
how many workers it has and whether it logs requests (`--access-logfile=-`) stays with the command.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger
from prometheus_client.multiprocess import mark_process_dead


class RequestLogger(Logger):
    """A request as one record with fields, in place of a line of Apache's."""

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if not (self.cfg.accesslog or self.cfg.logconfig_dict):
            return
        self.access_log.info(
            "request",
            extra={
                "method": environ.get("REQUEST_METHOD"),
                "path": environ.get("RAW_URI", "").partition("?")[0],
                "status": int(str(resp.status).split()[0]),
                "bytes": getattr(resp, "sent", None),
                "milliseconds": round(request_time / timedelta(milliseconds=1), 1),
                "address": environ.get("REMOTE_ADDR"),
            },
        )


def logging_of_the_server() -> dict[str, Any]:
    """The newsroom's own logging, for the server's two loggers as well."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    from django.conf import settings

    return dict(settings.LOGGING)


logger_class = RequestLogger
logconfig_dict = logging_of_the_server()


def on_starting(server: Any) -> None:
    """The folder in which the web processes count their reads together starts empty."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for file in Path(folder).glob("*.db"):
            file.unlink()


def child_exit(server: Any, worker: Any) -> None:
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(worker.pid)
