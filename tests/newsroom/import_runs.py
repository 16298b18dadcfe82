"""Running import_articles in tests."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management import CommandError, call_command


class Result(NamedTuple):
    """The exit code of the command and what it printed."""

    code: int
    out: str
    err: str


Import = Callable[..., Result]


def import_lines(file: Path, *lines: Any) -> Result:
    """Write lines (objects, or bytes as they are) to a file and import it."""
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    file.write_bytes(b"\n".join(raw))
    return import_path(str(file))


def import_path(path: str, **options: Any) -> Result:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import_articles", path, stdout=out, stderr=err, **options)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return Result(code, out.getvalue(), err.getvalue())
