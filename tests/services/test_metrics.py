"""Several web processes count their reads together, and each answers for all."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

from tests.services.ports import free_port
from tests.services.project import Project

COUNT = re.compile(r'^related_read_seconds_count\{door="api"\} (\S+)$', re.MULTILINE)


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        text: str = answer.read().decode()
        return text


def test_two_web_processes(make_project: Callable[..., Project], tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    project = make_project(PROMETHEUS_MULTIPROC_DIR=str(folder))
    project.migrate()
    port = free_port()
    server = project.start(
        [
            *("gunicorn", "--config", "python:newsroom.gunicorn", "newsroom.wsgi"),
            *("--workers=2", "--no-control-socket", f"--bind=127.0.0.1:{port}"),
        ]
    )
    server.wait_for(lambda: server.output.count("Booting worker") == 2)
    address = f"http://127.0.0.1:{port}"
    n_reads = 0
    # Until both have read something: which one takes a request is the system's choice.
    while len(list(folder.glob("histogram_*.db"))) < 2:
        fetch(f"{address}/api/v1/links/?url=/articles/none/")
        n_reads += 1
        assert n_reads < 2000
    for _ in range(4):
        [count] = COUNT.findall(fetch(f"{address}/metrics"))
        assert float(count) == n_reads
