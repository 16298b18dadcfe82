"""With LOG_FORMAT=json every line of every process is JSON, the servers' own lines included."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from tests.services.ports import free_port
from tests.services.project import Project, ProjectProcess

PUBLISH = (
    "from newsroom.articles.models import Article; from django.utils import timezone; "
    "from newsroom.request_ids import request_id; request_id.set('request-of-a-test'); "
    "Article.objects.create(title='News', body='Words.', status='published', language='en', "
    "published_at=timezone.now())"
)


# Celery writes it from inside a signal handler, where nothing may be formatted.
SIGNALED = "worker: Warm shutdown (MainProcess)"


def lines(process: ProjectProcess) -> list[dict[str, Any]]:
    written = process.output.splitlines()
    assert written
    return [json.loads(line) for line in written if line not in {"", SIGNALED}]


def test_the_web_server(make_project: Callable[..., Project]) -> None:
    project = make_project(LOG_FORMAT="json")
    port = free_port()
    server = project.start(
        [
            *("gunicorn", "--config", "python:newsroom.gunicorn", "newsroom.wsgi"),
            *("--worker-class=gthread", "--no-control-socket", "--access-logfile=-"),
            f"--bind=127.0.0.1:{port}",
        ]
    )
    server.wait_for_output("Booting worker")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz?a=secret")
    request.add_header("X-Request-ID", "from-the-proxy")
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.headers["X-Request-ID"] == "from-the-proxy"
    server.wait_for_output("from-the-proxy")
    server.stop()
    written = lines(server)
    assert {"gunicorn.error", "gunicorn.access"} <= {line["logger"] for line in written}
    [logged] = [line for line in written if line["logger"] == "gunicorn.access"]
    assert (logged["path"], logged["status"], logged["method"]) == ("/healthz", 200, "GET")
    assert logged["request_id"] == "from-the-proxy"
    assert "secret" not in server.output


def test_a_worker(make_project: Callable[..., Project], redis_url: str) -> None:
    project = make_project(LOG_FORMAT="json", CELERY_BROKER_URL=redis_url)
    project.migrate()
    worker = project.start(
        ["celery", "--quiet", "-A", "newsroom", "worker", "--queues=publish", "--concurrency=1"],
        PYTHONWARNINGS="ignore",  # of running as root, as tests may
    )
    worker.wait_for_output(" ready.")
    project.manage("shell", "-c", PUBLISH)
    worker.wait_for_output("document stored")
    worker.stop()
    written = lines(worker)
    assert any(line["logger"].startswith("celery.") for line in written)
    stored = [line for line in written if line["message"] == "document stored"]
    assert [line["request_id"] for line in stored] == ["request-of-a-test"]
