"""A JSON Lines file -> its rows, one at a time, with line numbers."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.formats import number_format
from django.utils.translation import gettext as _

MAX_LINE_BYTES = 6_000_000  # read at once; a longer line is refused without being kept in memory


@dataclass(frozen=True)
class Row:
    """One object of the file and the line (from 1) that it stands on."""

    line: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """A line that does not go in, and why, for people."""

    line: int
    reason: str


def decompressed(raw: BinaryIO) -> BinaryIO:
    """The stream itself, or its content when it is gzip; told by its first bytes, not its name."""
    peek = getattr(raw, "peek", None)
    is_gzip = peek is not None and peek(2)[:2] == b"\x1f\x8b"
    return gzip.GzipFile(fileobj=raw) if is_gzip else raw  # type: ignore[return-value]


def read_rows(stream: BinaryIO) -> Iterator[Row | Refusal]:
    """Every line that is not blank, as a row or as the reason why it is none."""
    for line, content in _lines(stream):
        if isinstance(content, Refusal):
            yield content
        elif content.strip():
            yield _parse(line, content)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | Refusal]]:
    line = 0
    while True:
        line += 1
        try:
            content = stream.readline(MAX_LINE_BYTES + 1)
            if not content:
                return
            too_long = len(content) > MAX_LINE_BYTES
            while len(content) > MAX_LINE_BYTES and not content.endswith(b"\n"):
                content = stream.readline(MAX_LINE_BYTES + 1)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            reason = _("the compressed file is damaged from here on (%(error)s)")
            yield line, Refusal(line, reason % {"error": error})
            return
        yield line, Refusal(line, _too_long()) if too_long else content


def _parse(line: int, content: bytes) -> Row | Refusal:
    try:
        data = json.loads(content.decode("utf-8-sig" if line == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        reason = _("it is not UTF-8 text (byte %(byte)d of the line)")
        return Refusal(line, reason % {"byte": error.start + 1})
    except json.JSONDecodeError as error:
        reason = _("it is not JSON: %(error)s at column %(column)d")
        return Refusal(line, reason % {"error": error.msg, "column": error.colno})
    except ValueError:
        return Refusal(line, _("it contains a number with thousands of digits"))
    except RecursionError:
        return Refusal(line, _("its lists or objects are nested too deeply"))
    if not isinstance(data, dict):
        return Refusal(line, _("it is not a JSON object: write one article as {…} on each line"))
    return Row(line, data)


def _too_long() -> str:
    most = number_format(MAX_LINE_BYTES, force_grouping=True)
    return _("the line is longer than %(most)s bytes") % {"most": most}
