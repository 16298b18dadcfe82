"""JSON: an array of articles, a JSON Feed, or any object with a list of them.

Of another system's names those are known that leave no doubt (WordPress' REST API, JSON Feed).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from related.contrib.importing.decoding import TextChunks, encoding_of
from related.contrib.importing.inputs import Input
from related.contrib.importing.json_pieces import JSONPieces, Piece
from related.contrib.importing.readers.json_feeds import feed_item, is_feed
from related.contrib.importing.readers.json_lines import reason_of, row_of
from related.contrib.importing.readers.names import under_our_names
from related.contrib.importing.rows import Found, Notice, Refusal, Row, Where


class JSONReader:
    """The values are cut out one by one: no text is ever parsed as a whole."""

    def read(self, source: Input, file: str) -> Iterator[Found]:
        chunks = TextChunks(source, encoding_of(source.head())[0])
        pieces = JSONPieces(chunks)
        facts: dict[str, Any] | None = None
        for piece in pieces:
            if facts is None:
                facts = _facts(pieces.head)
            found = _found(piece, file)
            if isinstance(found, Row):
                data = (
                    feed_item(found.data, facts) if is_feed(facts) else under_our_names(found.data)
                )
                found = Row(found.where, data)
            yield found
        if chunks.mended_line:
            text = _("from here on, bytes that are not UTF-8 are read as Windows-1252")
            yield Notice(Where(chunks.mended_line, file), text)


def _found(piece: Piece, file: str) -> Row | Refusal:
    where = Where(piece.line, file)
    if piece.problem == "cut":
        return Refusal(where, _("the file ends within this value"))
    if piece.problem:
        return Refusal(where, _("the value is too long to be an article"))
    try:
        return row_of(where, json.loads(piece.text))
    except (ValueError, RecursionError) as error:
        return Refusal(where, reason_of(error))


def _facts(head: str) -> dict[str, Any]:
    """What the object says before its list."""
    try:
        facts = json.loads(head + "]}") if head else {}
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
