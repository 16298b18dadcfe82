"""What a process of the suite did, one JSON line each: the suite's own truth."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

Entry = dict[str, Any]


class Journal:
    """Appends to a file; a line is written as a whole, before the next thing is done."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1)

    def write(self, kind: str, **facts: Any) -> None:
        self._file.write(json.dumps({"kind": kind, "at": time.time(), **facts}) + "\n")


class Reader:
    """Reads what another process has written since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self.entries: list[Entry] = []

    def read(self) -> list[Entry]:
        """Take over new complete lines; returns all that were ever read."""
        if self._path.exists():
            with self._path.open() as file:
                file.seek(self._offset)
                while (line := file.readline()).endswith("\n"):
                    self.entries.append(json.loads(line))
                    self._offset = file.tell()
        return self.entries
