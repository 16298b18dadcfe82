"""Archives of articles: a file of any known format, a folder, a zip or tar of files, or a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from django.utils.translation import gettext as _

from related.contrib.importing.dates import YEARS
from related.contrib.importing.detecting import detect
from related.contrib.importing.files import File, Files
from related.contrib.importing.inputs import DAMAGE, Input
from related.contrib.importing.limits import Limits, Meter
from related.contrib.importing.readers import READERS, Reader
from related.contrib.importing.readers.wordpress import WordPressReader, images_of
from related.contrib.importing.rows import Found, Notice, Refusal, Row, Where

__all__ = [
    "FORMATS",
    "YEARS",
    "Archive",
    "ArchiveError",
    "Limits",
    "Notice",
    "Refusal",
    "Row",
    "Where",
]

FORMATS = list(READERS)


class ArchiveError(Exception):
    """There is nothing that could be read; the message says why, for people."""


class Archive:
    """The articles of a path, read while they are asked for: ``with Archive(path) as archive``.

    Iterating yields a ``Row`` for each article, a ``Refusal`` for what cannot be read, with its
    line and the reason, and a ``Notice`` where something of the file is worth knowing. ``done`` and
    ``total`` are bytes, for a progress bar; ``total`` is 0 for standard input (``-``).

    Raises:
        ArchiveError: the path cannot be read, or holds nothing of a known format.
    """

    def __init__(self, path: str, format: str | None = None, limits: Limits | None = None) -> None:  # noqa: A002 - as the command names it
        self._format = format
        self._stack = ExitStack()
        try:
            self._files = Files(path, Meter(limits or Limits()), self._stack)
        except OSError as error:
            message = _("%(path)s cannot be read: %(reason)s.")
            raise ArchiveError(message % {"path": path, "reason": error.strerror}) from error
        self._path = path
        self.total = self._files.total

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def done(self) -> int:
        return self._files.done

    def __iter__(self) -> Iterator[Found]:
        n_read = 0
        problems: list[str] = []
        files = iter(self._files)
        while True:
            try:
                file = next(files, None)
            except DAMAGE as error:
                reason = _("the archive is damaged from here on (%(error)s)")
                problems.append(reason % {"error": error})
                yield Refusal(Where(0, self._path), problems[-1])
                break
            if file is None:
                break
            try:
                source = file.open()
                kind = self._format or detect(source.head())
            except DAMAGE as error:
                yield Refusal(Where(0, file.name), str(error))
                continue
            if kind is None:
                problems.append(source.problem or _unknown())
                if not self._files.is_one or file.name:
                    yield Notice(Where(0, file.name), problems[-1])
                continue
            n_read += 1
            yield from self._read(file, source, kind)
        if not n_read:
            message = _("%(path)s: %(reason)s.")
            reason = problems[0] if problems else _("there is no file in it")
            raise ArchiveError(message % {"path": self._path, "reason": reason})

    def _read(self, file: File, source: Input, kind: str) -> Iterator[Found]:
        yield from _reader(kind, file).read(source, file.name)
        if source.problem:
            yield Refusal(Where(source.problem_line, file.name), source.problem)


def _reader(kind: str, file: File) -> Reader:
    if kind != "wxr":
        return READERS[kind]()
    # An attachment may stand after the post whose picture it is.
    return WordPressReader(images_of(file.open()) if file.can_reopen else None)


def _unknown() -> str:
    return _(
        "this is none of the formats that can be read (JSON Lines, JSON, JSON Feed, CSV with a "
        "column “title”, RSS, Atom, WordPress exports); --format names one"
    )
