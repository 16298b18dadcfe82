"""Tables as files for spreadsheets: CSV that runs no headline as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

CONTENT_TYPE = "text/csv; charset=utf-8"
# What a spreadsheet takes for the beginning of a formula, also where the signs are full-width.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


class _Echo:
    """Hands each line on as it is written."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: Iterable[str], rows: Iterable[Iterable[str | int]]) -> Iterator[str]:
    """A file, line by line."""
    write = csv.writer(_Echo()).writerow
    yield "\ufeff" + write(head)  # by this mark, spreadsheets know UTF-8
    for row in rows:
        yield write([as_text(value) if isinstance(value, str) else value for value in row])


def as_text(value: str) -> str:
    """With an apostrophe before what a spreadsheet would compute."""
    return f"'{value}" if value.startswith(FORMULAS) else value
