"""The newsroom with HEADLESS=true, over HTTP, as another system finds it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from tests.services.ports import free_port
from tests.services.project import Project

KEY = (
    "from related.contrib.headless.keys import make_key; "
    "print(make_key('a test', ['headless.page'], None)[1])"
)
PAGE = {"title": "Harbor bridge closes", "url": "https://news.example/bridge", "language": "en"}


def test_a_page_is_pushed_and_read(make_project: Callable[..., Project]) -> None:
    project = make_project(HEADLESS="true")
    project.migrate()
    key = project.manage("shell", "--no-imports", "-c", KEY).stdout.strip()
    port = free_port()
    server = project.start(["gunicorn", "newsroom.wsgi", f"--bind=127.0.0.1:{port}"])
    server.wait_for_output("Listening at")
    address = f"http://127.0.0.1:{port}/api/v1"

    def ask(method: str, path: str, body: Any = None, key: str = key) -> Any:
        request = urllib.request.Request(f"{address}{path}", method=method)
        request.add_header("Authorization", f"Bearer {key}")
        request.add_header("Content-Type", "application/json")
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            read = answer.read()
            return json.loads(read) if read else answer.status

    one = "/documents/headless.page/a1/"
    assert ask("PUT", one, PAGE)["result"] == "created"
    assert ask("PUT", one, PAGE)["result"] == "unchanged"
    assert ask("GET", "/links/headless.page/a1/")["document"]["title"] == PAGE["title"]
    assert ask("DELETE", one) == 204
    for path, wrong, status in ((one, "rk_wrong", 401), ("/documents/auth.user/1/", key, 403)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask("PUT", path, PAGE, key=wrong)
        assert refused.value.code == status
