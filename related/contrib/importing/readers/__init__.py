"""One reader for each format: an ``Input`` -> rows, refusals and notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from related.contrib.importing.inputs import Input
from related.contrib.importing.readers.feeds import FeedReader
from related.contrib.importing.readers.json_lines import JSONLinesReader
from related.contrib.importing.readers.json_values import JSONReader
from related.contrib.importing.readers.tables import TableReader
from related.contrib.importing.readers.wordpress import WordPressReader
from related.contrib.importing.rows import Found


class Reader(Protocol):
    """Reads the files of one format."""

    def read(self, source: Input, file: str) -> Iterator[Found]:
        """What a file holds, in its order; ``file`` is named where an archive has several."""
        ...


READERS: dict[str, type[Reader]] = {
    "jsonl": JSONLinesReader,
    "csv": TableReader,
    "rss": FeedReader,
    "wxr": WordPressReader,
    "json": JSONReader,
}
