"""One file of an archive as bytes: damage and limits end it early, and the reason is kept."""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from related.contrib.importing.limits import Meter

CHUNK_BYTES = 1 << 18

# What a decompressor raises on a file that is cut short or damaged; OSError is the disk's.
DAMAGE: tuple[type[Exception], ...] = (
    EOFError,
    OSError,  # also gzip.BadGzipFile
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,  # zipfile: a header that is cut short
    RuntimeError,  # zipfile: a password
    NotImplementedError,  # zipfile: an unknown compression
)


class _Guarded(io.RawIOBase):
    """Passes bytes on; where they can no longer be read, or are too many, it is the end."""

    def __init__(self, raw: BinaryIO, meter: Meter, compressed: Callable[[], int] | None) -> None:
        self.raw, self.meter, self.compressed = raw, meter, compressed
        self.read_piece = getattr(raw, "read1", raw.read)
        self.n_bytes = self.n_lines = 0
        self.problem = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        filled = 0
        while filled < len(buffer) and not self.problem:
            data = self._read(len(buffer) - filled)
            if not data:
                break
            buffer[filled : filled + len(data)] = data
            filled += len(data)
        return filled

    def _read(self, most: int) -> bytes:
        """A piece at a time: what comes before the damage is kept."""
        try:
            data = self.read_piece(most)
        except DAMAGE as error:
            reason = _("the file is damaged, or cannot be read, from here on (%(error)s)")
            if self.compressed is not None:
                reason = _("the compressed file is damaged from here on (%(error)s)")
            self.problem = reason % {"error": error}
            return b""
        self.n_bytes += len(data)
        compressed = self.compressed() if self.compressed else None
        if self.meter.is_too_much(len(data), self.n_bytes, compressed):
            self.problem = _(
                "the file expands to more than may be read; it is not read from here on"
            )
            return b""
        self.n_lines += data.count(b"\n")
        return data


class Input(io.BufferedReader):
    """The bytes of one file, buffered; ``problem`` says why it ended early, and ``problem_line``
    where."""

    def __init__(
        self, raw: BinaryIO, meter: Meter, compressed: Callable[[], int] | None = None
    ) -> None:
        """``compressed`` tells how many bytes on disk were read so far, of a compressed file."""
        self._guarded = _Guarded(raw, meter, compressed)
        super().__init__(self._guarded, CHUNK_BYTES)

    @property
    def problem(self) -> str:
        return self._guarded.problem

    @property
    def problem_line(self) -> int:
        return self._guarded.n_lines + 1

    def head(self) -> bytes:
        """What the file begins with, without reading on."""
        return self.peek(CHUNK_BYTES)
