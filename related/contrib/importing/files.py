"""What a path names -> its files: one, a folder, an archive of files, or standard input."""

from __future__ import annotations

import gzip
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from related.contrib.importing.inputs import Input
from related.contrib.importing.limits import Meter

STANDARD_INPUT = "-"
TAR_AT = 257  # where a tar file says that it is one

Open = Callable[[], Input]


@dataclass(frozen=True)
class File:
    """One file of an archive; ``open`` may be called again where ``can_reopen``."""

    name: str
    open: Open
    can_reopen: bool = True


class Files:
    """Iterating yields the files that a path names, one after another.

    ``done`` and ``total`` are bytes on disk, for a progress bar; ``total`` is 0 where it is not
    known. ``is_one`` says that the path names a single file, so that its name need not be said.
    """

    def __init__(self, path: str, meter: Meter, stack: ExitStack) -> None:
        """``stack`` closes what is opened here.

        Raises:
            OSError: there is nothing to read at the path.
        """
        self._meter, self._stack = meter, stack
        self._raw: BinaryIO | None = None
        self._finished = 0
        self.total = 0
        self._paths: list[Path] = []
        self._root = Path(path)
        if path == STANDARD_INPUT:
            self.is_one = True
            return
        if self._root.is_dir():
            self._paths = sorted(p for p in self._root.rglob("*") if _is_meant(p, self._root))
        else:
            self._root.open("rb").close()  # says at once why it cannot be
            self._paths = [self._root]
        self.is_one = not self._root.is_dir()
        self.total = sum(each.stat().st_size for each in self._paths)

    @property
    def done(self) -> int:
        if self._raw is None or self._raw.closed or not self._raw.seekable():
            return self._finished
        return self._finished + self._raw.tell()

    def __iter__(self) -> Iterator[File]:
        if not self._paths and self.is_one:
            yield from self._within(sys.stdin.buffer, "", can_reopen=False)
        for path in self._paths:
            name = "" if self.is_one else str(path.relative_to(self._root))
            with path.open("rb") as raw:
                self._raw = raw
                yield from self._within(raw, name, path=path)
            self._finished += path.stat().st_size

    def _within(
        self, raw: BinaryIO, name: str, *, path: Path | None = None, can_reopen: bool = True
    ) -> Iterator[File]:
        """The files of an opened one: itself, or those that it holds."""
        start = raw.peek(TAR_AT + 5)  # type: ignore[attr-defined]
        if start.startswith(b"PK\x03\x04"):
            yield from self._zipped(raw, name)
        elif start.startswith(b"\x1f\x8b"):
            yield from self._gzipped(raw, name, path)
        elif _is_tar(start):
            yield from self._tarred(raw, name, None)
        else:

            def opened() -> Input:
                return Input(raw if path is None else self._reopened(path), self._meter)

            first = Input(raw, self._meter)
            yield File(name, _first_then(first, opened), can_reopen and path is not None)

    def _gzipped(self, raw: BinaryIO, name: str, path: Path | None) -> Iterator[File]:
        count = raw.tell if raw.seekable() else None
        first = Input(cast("BinaryIO", gzip.GzipFile(fileobj=raw)), self._meter, count)
        if _is_tar(first.head()):
            yield from self._tarred(first, name, count)
            return

        def opened() -> Input:
            assert path is not None
            again = self._reopened(path)
            return Input(cast("BinaryIO", gzip.GzipFile(fileobj=again)), self._meter, again.tell)

        yield File(name, _first_then(first, opened), path is not None)

    def _zipped(self, raw: BinaryIO, name: str) -> Iterator[File]:
        if not raw.seekable():
            kept = cast("BinaryIO", self._stack.enter_context(TemporaryFile()))  # noqa: SIM115 - the stack closes it
            copyfileobj(Input(raw, self._meter), kept)
            kept.seek(0)
            raw = kept
        with zipfile.ZipFile(raw) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            for number, member in enumerate(members):
                if (
                    not _is_meant(Path(member.filename), Path())
                    or number >= self._meter.limits.files
                ):
                    continue
                yield File(
                    _joined(name, "" if len(members) == 1 else member.filename),
                    lambda member=member: self._member(archive, member),  # type: ignore[misc]
                )

    def _member(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Input:
        opened = self._stack.enter_context(archive.open(member))
        plain = Input(cast("BinaryIO", opened), self._meter, lambda: member.compress_size)
        return _unpacked(plain, self._meter, lambda: member.compress_size)

    def _tarred(self, raw: BinaryIO, name: str, count: Callable[[], int] | None) -> Iterator[File]:
        with tarfile.open(fileobj=raw, mode="r|") as archive:  # nothing is ever written to disk
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is None or not _is_meant(Path(member.name), Path()):
                    continue
                one = _unpacked(Input(cast("BinaryIO", content), self._meter), self._meter)
                yield File(_joined(name, member.name), lambda one=one: one, can_reopen=False)  # type: ignore[misc]

    def _reopened(self, path: Path) -> BinaryIO:
        return self._stack.enter_context(path.open("rb"))


def _first_then(first: Input, again: Open) -> Open:
    """Opens the file that is open already the first time, and anew from then on."""
    waiting = [first]
    return lambda: waiting.pop() if waiting else again()


def _unpacked(plain: Input, meter: Meter, count: Callable[[], int] | None = None) -> Input:
    if not plain.head().startswith(b"\x1f\x8b"):
        return plain
    return Input(cast("BinaryIO", gzip.GzipFile(fileobj=plain)), meter, count)


def _is_tar(start: bytes) -> bool:
    return start[TAR_AT : TAR_AT + 5] == b"ustar"


def _is_meant(path: Path, root: Path) -> bool:
    """Not what systems leave behind: hidden files, and those of macOS in an archive."""
    parts = path.relative_to(root).parts if root.parts else path.parts
    return not any(part.startswith(".") or part == "__MACOSX" for part in parts) and (
        not root.parts or path.is_file()
    )


def _joined(archive: str, member: str) -> str:
    return "/".join(filter(None, (archive, member)))
