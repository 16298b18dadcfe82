"""Fixtures of the tests of apps that a site may add."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from related.contrib.importing.archives import Limits
from related.management.beside import sweep
from tests.related.contrib import receiving
from tests.related.contrib.archives import Read, read


@pytest.fixture
def read_text(tmp_path: Path) -> Read:
    """``read_text(content)``: what a file of this content (text or bytes) yields."""

    def read_content(
        content: str | bytes,
        format: str | None = None,  # noqa: A002
        limits: Limits | None = None,
    ) -> list[Any]:
        file = tmp_path / "archive"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return read(file, format, limits)

    return read_content


@pytest.fixture
def receiver() -> Iterator[receiving.Receiver]:
    with receiving.receiving() as receiver:
        yield receiver


@pytest.fixture
def hook(receiver: receiving.Receiver, settings: Settings) -> receiving.Receiver:
    """A webhook that was told all there is so far."""
    options = {"kind": "webhook", "url": f"{receiver.url}/hook", "secret": receiving.SECRET}
    settings.RELATED = {"NOTICES": {"hook": options}}
    sweep()
    return receiver


@pytest.fixture
def fastly(receiver: receiving.Receiver, settings: Settings) -> receiving.Receiver:
    options = {"kind": "fastly", "service": "S1", "token": "t", "soft": True, "url": receiver.url}
    settings.RELATED = {"NOTICES": {"fastly": options}}
    sweep()
    return receiver
