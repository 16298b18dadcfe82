"""Bytes -> text: a byte order mark, then what XML declares, else UTF-8.

Bytes that are not UTF-8 are read as Windows-1252, as feed readers do it: that is what they are in
almost every file that says UTF-8 and is not.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

CHUNK_BYTES = 1 << 18
MENDED = "related.windows-1252"  # the name of the error handler below

_MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
]
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
# As browsers read them: what is labeled with the smaller set is often written in the larger.
_LARGER = {"iso8859-1": "cp1252", "ascii": "utf-8", "gb2312": "gb18030", "gbk": "gb18030"}
_LARGER |= {"euc_kr": "cp949", "shift_jis": "cp932", "big5": "big5hkscs", "tis-620": "cp874"}


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", "replace"), error.end


codecs.register_error(MENDED, _as_windows_1252)


def encoding_of(head: bytes) -> tuple[str, str]:
    """The encoding to read a file in, and the one that it declares but Python does not know
    (else "")."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, ""
    declared = _DECLARED.match(head)
    if declared is None:
        return "utf-8", ""
    name = declared[1].decode("ascii")
    try:
        encoding = codecs.lookup(name).name
        "".encode(encoding)  # not every codec of Python is one of text
    except (LookupError, ValueError, UnicodeError):
        return "utf-8", name
    # The declaration could be read byte by byte, so it is none of the wide ones.
    return (
        "utf-8" if encoding.startswith(("utf-16", "utf-32")) else _LARGER.get(encoding, encoding)
    ), ""


def decode_head(head: bytes) -> str:
    """The beginning of a file as text, for looking at it."""
    return head.decode(encoding_of(head)[0], "replace")


class TextChunks:
    """The text of a file, piece by piece; ``mended_line`` is the first with bytes that were not
    of its encoding (0: none)."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self.mended_line = 0
        self._stream, self._line = stream, 1
        self._decode = self._utf8 if encoding == "utf-8" else self._other
        self._tail = b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def __iter__(self) -> Iterator[str]:
        is_first = True
        while True:
            data = self._stream.read(CHUNK_BYTES)
            text = self._decode(data)
            if is_first:
                text, is_first = text.removeprefix("\ufeff"), False
            self._line += text.count("\n")
            if text:
                yield text
            if not data:
                return

    def _utf8(self, data: bytes) -> str:
        data, is_last = self._tail + data, not data
        try:
            text, used = codecs.utf_8_decode(data, "strict", is_last)
        except UnicodeDecodeError as error:
            self._note(data.count(b"\n", 0, error.start))
            text, used = codecs.utf_8_decode(data, MENDED, is_last)
        self._tail = data[used:]
        return text

    def _other(self, data: bytes) -> str:
        text = self._decoder.decode(data, not data)
        if "\ufffd" in text:
            self._note(text.count("\n", 0, text.index("\ufffd")))
        return text

    def _note(self, lines_before: int) -> None:
        self.mended_line = self.mended_line or self._line + lines_before
