"""Writing lines to standard output, for people and for other programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import OutputWrapper
from django.utils.translation import gettext as _
from tqdm import tqdm


def write_lines(stdout: OutputWrapper, lines: Iterable[str]) -> None:
    """Write lines; a reader that closes the pipe early (``| head``) has what it wanted."""
    try:
        for line in lines:
            stdout.write(line)
        stdout.flush()
    except BrokenPipeError:
        # Python flushes standard output once more at exit; let it go where it cannot fail.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def in_columns(name: str, text: str, width: int) -> str:
    """A line of a report: a name and, at a column that they have in common, what is said of it."""
    return f"{name + ' ':<{width}}{text}"


def write_json_lines(stdout: OutputWrapper, rows: Iterable[Any], total: int) -> None:
    """Write each row as one line, with a progress bar where standard error is a terminal."""
    progress = tqdm(rows, total=total, unit=_(" lines"), disable=None)
    write_lines(stdout, (json.dumps(row) for row in progress))
