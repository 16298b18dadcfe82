"""What happens to exports on their way: cut, damaged, mixed up, wrapped, or made to do harm.

Strategies of hypothesis, so that a case that breaks an invariant is made small by itself.
"""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from benchmarks.fuzzing.exports import Export

# What the formats are made of, and what breaks programs that read them.
TOKENS = [
    *(b"<", b">", b"&", b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b",", b":", b"\n", b"\r"),
    *(b"<item>", b"</item>", b"<entry>", b"<a ", b"<a href='", b" a='1'", b"<!--", b"-->", b"<b>"),
    *(b"<![CDATA[", b"]]>", b"<!DOCTYPE x [", b"<!ENTITY a 'ha'>", b"&a;", b"&#0;", b"&#x110000;"),
    *(b"<?xml version='1.0' encoding='utf-16'?>", b"<?", b"<wp:post_id>", b"</channel></rss>"),
    *(b"<title>", b"</title>", b"<br/>", b"<svg><script>", b"<style>", b"<textarea>", b"<table>"),
    *(b'{"title": ', b'{"a":', b'"items": [', b'"title": "a"', b"[[", b"\\ud800", b"1e999", b"NaN"),
    *(b'""', b"=1+1", b"\t", b";", b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xc3"),
    *(b"\xe2\x80\xae", b"\xe2\x80\x8b", b"-1", b"9999999999", b"0000-00-00 00:00:00"),
    *(b"9999-12-31T23:59:59-12:00", b"0001-01-01T00:00:00+14:00"),
]
ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "shift_jis"]
ENCODINGS += ["utf-7", "cp037", "koi8-r", "gb18030", "iso2022_jp"]


@dataclass(frozen=True)
class Case:
    """``n_certain``: articles that stand in the file before its first change, and have to go in."""

    export: Export
    content: bytes = field(repr=False)
    steps: tuple[str, ...]
    n_certain: int = 0


@dataclass(frozen=True)
class Change:
    name: str
    at: int  # the first byte that is another
    apply: Callable[[bytes], bytes]


def cases(exports: list[Export], *, largest: int) -> st.SearchStrategy[Case]:
    """Exports changed up to four times, then perhaps wrapped, and perhaps damaged once more.

    ``largest``: what repeated pieces may come to, in bytes.
    """

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        export = draw(st.sampled_from(exports))
        content, steps, first = export.content, [], len(export.content)
        for _ in range(draw(st.integers(0, 4))):
            change = draw(_changes(len(content), largest))
            content = change.apply(content)
            steps.append(change.name)
            first = min(first, change.at)
        if draw(st.integers(0, 3)) == 0:
            encoding = draw(st.sampled_from(ENCODINGS))
            content = content.decode("utf-8", "replace").encode(encoding, "replace")
            steps.append(f"encoded in {encoding}")
            first = 0
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
            name = draw(st.sampled_from(sorted(WRAPPINGS)))
            content = WRAPPINGS[name](content)
            steps.append(name)
            first = first if name in WHOLE else 0
            if draw(st.booleans()):
                change = draw(_changes(len(content), largest=1_000))
                content = change.apply(content)
                steps.append(f"then {change.name}")
                first = 0
        return Case(export, content, tuple(steps), export.n_before(first))

    return case()


@st.composite
def growing(draw: st.DrawFn, exports: list[Export]) -> Callable[[int], bytes]:
    """A file with a piece repeated so many times, by how many bytes the repetition may take."""
    export = draw(st.sampled_from(exports))
    at = draw(st.integers(0, len(export.content)))
    piece = b"".join(draw(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=3)))
    before, after = export.content[:at], export.content[at:]
    return lambda size: before + piece * (size // len(piece)) + after


def _changes(n_bytes: int, largest: int) -> st.SearchStrategy[Change]:
    places, sizes = st.integers(0, n_bytes), st.integers(1, largest)
    tokens = st.sampled_from(TOKENS)
    return st.one_of(
        st.builds(_cut, places),
        st.builds(_flip, places, st.integers(0, 255)),
        st.builds(_insert, places, tokens | st.binary(max_size=20)),
        st.builds(_remove, places, st.integers(1, 500)),
        st.builds(_copy, places, places, st.integers(1, 5_000)),
        st.builds(_repeat, places, tokens, sizes),
        st.builds(_attributes, places, sizes),
    )


def _cut(at: int) -> Change:
    return Change(f"cut at {at}", at, lambda data: data[:at])


def _flip(at: int, byte: int) -> Change:
    flipped = bytes([byte])
    return Change(f"byte {at} is {byte}", at, lambda data: data[:at] + flipped + data[at + 1 :])


def _insert(at: int, piece: bytes) -> Change:
    return Change(f"{piece!r} at {at}", at, lambda data: data[:at] + piece + data[at:])


def _remove(at: int, size: int) -> Change:
    name = f"{size} bytes gone at {at}"
    return Change(name, at, lambda data: data[:at] + data[at + size :])


def _copy(at: int, start: int, size: int) -> Change:
    name = f"{size} bytes of {start} at {at}"
    return Change(name, at, lambda data: data[:at] + data[start : start + size] + data[at:])


def _repeat(at: int, piece: bytes, size: int) -> Change:
    return replace(_insert(at, piece * (size // len(piece))), name=f"{piece!r} * {size} at {at}")


def _attributes(at: int, size: int) -> Change:
    made = b"<p " + b"".join(b"a%d='1' " % n for n in range(size // 8)) + b">"
    return replace(_insert(at, made), name=f"{size} bytes of attributes at {at}")


def _zip(content: bytes, *names: str, kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()


def _tar(content: bytes, mode: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        for name in ("../../outside", "a"):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _with_password(content: bytes) -> bytes:
    """The flag of the member's headers that says so."""
    packed = bytearray(_zip(content, "a"))
    packed[6] |= 1
    packed[packed.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def _unknown_method(content: bytes) -> bytes:
    packed = bytearray(_zip(content, "a"))
    at = packed.rindex(b"PK\x01\x02")
    packed[8:10] = packed[at + 10 : at + 12] = b"\x63\x00"
    return bytes(packed)


# Those after which every article is still there.
WHOLE = {"gzip", "gzip in parts", "zip", "zip, stored", "tar", "tar.gz", "zip of two"}
WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip in parts": lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:]),
    "gzip and more": lambda data: gzip.compress(data) + b"more",
    "zip": lambda data: _zip(data, "a"),
    "zip, stored": lambda data: _zip(data, "a", kind=zipfile.ZIP_STORED),
    "zip, bzip2": lambda data: _zip(data, "a", kind=zipfile.ZIP_BZIP2),
    "zip, lzma": lambda data: _zip(data, "a", kind=zipfile.ZIP_LZMA),
    "zip of two": lambda data: _zip(data, "../../a", "b/c"),
    "zip behind a program": lambda data: b"#!/bin/sh\n" + _zip(data, "a"),
    "zip with a password": _with_password,
    "zip of an unknown kind": _unknown_method,
    "tar": lambda data: _tar(data, "w"),
    "tar.gz": lambda data: _tar(data, "w:gz"),
    "bzip2": bz2.compress,
}
