"""CSV: a table whose first line names the columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from related.contrib.importing.cleaning import short_names
from related.contrib.importing.decoding import TextChunks, decode_head, encoding_of
from related.contrib.importing.detecting import delimiter_of
from related.contrib.importing.inputs import Input
from related.contrib.importing.limits import MAX_ITEM_CHARACTERS
from related.contrib.importing.readers.names import under_our_names
from related.contrib.importing.rows import Found, Notice, Refusal, Row, Where

_WHOLE = re.compile(r"^(\d+)\.0+$")  # a table program's way to write a whole number
_LISTS = ("tags", "authors")


class TableReader:
    """Commas, semicolons, tabs or bars between the columns; what is empty says nothing."""

    def read(self, source: Input, file: str) -> Iterator[Found]:
        head = source.head()
        delimiter = delimiter_of(decode_head(head))
        if delimiter is None:
            yield Refusal(Where(1, file), _("no column of the first line is called “title”"))
            return
        chunks = TextChunks(source, encoding_of(head)[0])
        csv.field_size_limit(MAX_ITEM_CHARACTERS)
        table = csv.reader(_lines(chunks), delimiter=delimiter)
        names = next(table, [])
        yield from _rows(table, names, file)
        if chunks.mended_line:
            text = _("from here on, bytes that are not UTF-8 are read as Windows-1252")
            yield Notice(Where(chunks.mended_line, file), text)


def _rows(table: Any, names: list[str], file: str) -> Iterator[Found]:
    while True:
        where = Where(table.line_num + 1, file)
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refusal(where, _("it is no row of a table: %(error)s") % {"error": error})
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            reason = _("it has %(cells)d columns, the first line names %(names)d")
            yield Refusal(where, reason % {"cells": len(cells), "names": len(names)})
        elif any(cell.strip() for cell in cells):
            yield Row(where, _data(dict(zip(names, cells, strict=False))))


def _data(cells: dict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = under_our_names(
        {name: cell for name, cell in cells.items() if cell.strip()}
    )
    if whole := _WHOLE.match(str(data.get("id", "")).strip()):
        data["id"] = whole[1]
    for key in _LISTS:
        if key in data:
            data[key] = _names(data[key])
    return data


def _names(cell: str) -> list[str]:
    divider = next((mark for mark in ";|" if mark in cell), ",")
    return short_names([name.strip(" '\"") for name in cell.strip("[]").split(divider)])


def _lines(chunks: Iterable[str]) -> Iterator[str]:
    """Lines with their ends; one that never ends is handed on in pieces, for csv to refuse."""
    kept = ""
    for chunk in chunks:
        *lines, kept = (kept + chunk).split("\n")
        for line in lines:
            yield line + "\n"
        if len(kept) > MAX_ITEM_CHARACTERS:
            yield kept
            kept = ""
    if kept:
        yield kept
