"""Fixtures of the newsroom's tests."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import EditorFactory
from tests.newsroom.desk import PUBLISHER, WRITER
from tests.newsroom.import_runs import Import, import_lines


@pytest.fixture
def run(tmp_path: Path) -> Import:
    """``run(line, ...)`` imports a file of these lines: objects, or bytes as they are."""
    return partial(import_lines, tmp_path / "archive.jsonl")


@pytest.fixture
def publisher(client: Client) -> Client:
    """A browser in which someone is logged in who may write and publish."""
    client.force_login(EditorFactory(permissions=PUBLISHER))
    return client


@pytest.fixture
def writer(client: Client) -> Client:
    """A browser in which someone is logged in who may write, but not publish."""
    client.force_login(EditorFactory(permissions=WRITER))
    return client
