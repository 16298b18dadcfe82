"""Fixtures of the importing package's tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from related.contrib.importing.archives import Limits
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
