"""JSON Lines: one article on each line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from related.contrib.importing.inputs import Input
from related.contrib.importing.limits import MAX_ITEM_CHARACTERS
from related.contrib.importing.rows import Found, Refusal, Row, Where


class JSONLinesReader:
    """A line that is too long is refused without being kept in memory."""

    def read(self, source: Input, file: str) -> Iterator[Found]:
        for number, line in _lines(source):
            where = Where(number, file)
            if line is None:
                most = number_format(MAX_ITEM_CHARACTERS, force_grouping=True)
                yield Refusal(where, _("the line is longer than %(most)s bytes") % {"most": most})
            elif line.strip():
                yield _parse(where, line)


def _lines(source: Input) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines, from 1; None for one that is too long."""
    number = 0
    while line := source.readline(MAX_ITEM_CHARACTERS + 1):
        number += 1
        is_too_long = len(line) > MAX_ITEM_CHARACTERS
        while len(line) > MAX_ITEM_CHARACTERS and not line.endswith(b"\n"):
            line = source.readline(MAX_ITEM_CHARACTERS + 1)
        yield number, None if is_too_long else line


def _parse(where: Where, line: bytes) -> Row | Refusal:
    try:
        data = json.loads(line.decode("utf-8-sig" if where.line == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        reason = _("it is not UTF-8 text (byte %(byte)d of the line)")
        return Refusal(where, reason % {"byte": error.start + 1})
    except (ValueError, RecursionError) as error:
        return Refusal(where, reason_of(error))
    return row_of(where, data)


def reason_of(error: Exception) -> str:
    """Why a text is not JSON, for people."""
    if isinstance(error, json.JSONDecodeError):
        reason = _("it is not JSON: %(error)s at column %(column)d")
        return reason % {"error": error.msg, "column": error.colno}
    if isinstance(error, RecursionError):
        return _("its lists or objects are nested too deeply")
    return _("it contains a number with thousands of digits")


def row_of(where: Where, data: Any) -> Row | Refusal:
    """The row that a JSON value is."""
    if not isinstance(data, dict):
        return Refusal(where, _("it is not a JSON object: write one article as {…} on each line"))
    return Row(where, data)
