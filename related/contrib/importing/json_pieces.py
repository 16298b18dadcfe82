"""A JSON text of any size, cut into its articles: the values of its list, or objects in a row.

Only strings and brackets are looked at here, so a value that is no JSON costs itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from related.contrib.importing.limits import MAX_ITEM_CHARACTERS

LISTS = {"items", "articles", "posts", "entries", "documents", "results", "data", "rows"}

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|["{}\[\]]', re.DOTALL)
_BETWEEN = re.compile(r"[\s,]*+")
_SCALAR = re.compile(r'[^\s,{}\[\]"]++|.', re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """The text of one value, and the line that it begins on."""

    line: int
    text: str
    problem: str = ""  # "cut" by the end of the file, or "too long"


class JSONPieces:
    """Iterating yields the values; ``head`` is what an object says before its list of articles."""

    def __init__(self, chunks: Iterable[str]) -> None:
        self.head = ""
        self._chunks = iter(chunks)
        self._text, self._at, self._line = "", 0, 1

    def __iter__(self) -> Iterator[Piece]:
        in_list = False
        while mark := self._next_mark():
            if mark in "{[" and (in_list or mark == "{"):
                piece, opens_list = self._value(look_for_list=not in_list)
                in_list = in_list or opens_list
                if piece is not None:
                    yield piece
                    if piece.problem:
                        return
            elif mark in "[]":
                in_list = mark == "["
                self._step(1)
            elif in_list and mark != "}":
                found = _TOKEN.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
                assert found is not None
                yield Piece(self._line, found[0])
                self._step(len(found[0]))
            else:  # what follows the list in its object
                self._step(1)

    def _next_mark(self) -> str:
        """The character that the next value begins with, after commas and space."""
        while True:
            between = _BETWEEN.match(self._text, self._at)
            assert between is not None
            self._step(len(between[0]))
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._read():
                return ""

    def _value(self, *, look_for_list: bool) -> tuple[Piece | None, bool]:
        """The value that begins here; or a step into the list of articles that it holds."""
        while True:
            end, is_list = _end_of_value(self._text, self._at, look_for_list=look_for_list)
            if end:
                break
            if len(self._text) - self._at > MAX_ITEM_CHARACTERS:
                return Piece(self._line, "", "too long"), False
            if not self._read():
                return Piece(self._line, "", "cut"), False
        text, line = self._text[self._at : end], self._line
        self._step(end - self._at)
        if is_list:
            self.head = text
            return None, True
        return Piece(line, text), False

    def _step(self, n_characters: int) -> None:
        end = self._at + n_characters
        self._line += self._text.count("\n", self._at, end)
        self._at = end

    def _read(self) -> bool:
        chunk = next(self._chunks, "")
        self._text, self._at = self._text[self._at :] + chunk, 0
        return bool(chunk)


def _end_of_value(text: str, start: int, *, look_for_list: bool) -> tuple[int, bool]:
    """Where the value ends that begins at ``start``, 0 when that is not in the text; and whether
    it is the beginning of its list of articles that was found in place of that."""
    depth, name = 0, ""
    for token in _TOKEN.finditer(text, start):
        mark = token[0][0]
        if mark == '"':
            if len(token[0]) == 1:  # the string goes on in what is not read yet
                return 0, False
            if depth == 1:
                name = token[0][1:-1]
        elif mark in "{[":
            if mark == "[" and depth == 1 and look_for_list and name in LISTS:
                return token.end(), True
            depth += 1
        else:
            depth -= 1
            if depth == 0:
                return token.end(), False
    return 0, False
