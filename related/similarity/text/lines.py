"""Titles, excerpts and names as they arrive -> the line of text that people read."""

from __future__ import annotations

import re

from related.similarity.text.plain_text import HTML, MAX_BYTES, clean_text, plain_text

# A feed may write the reference of a reference: &amp;amp; and &amp;lt;b&amp;gt;.
_MAX_READINGS = 5
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:-]*)([^<>]*)>", re.IGNORECASE)
# Never closed, or often left open where an excerpt was cut.
_USUAL_NAMES = """
    b br cite em hr i img mark p q s small span strong sub sup u wbr
"""
_OPEN = frozenset(_USUAL_NAMES.split())


def plain_line(value: str, max_bytes: int = MAX_BYTES) -> str:
    """A title, an excerpt or a name as people read it: character references and tags resolved,
    every run of white space one space.

    Reading the result once more changes nothing. What only looks like a tag stays: "How to use
    <section>" and "<joe@example.com>". So does a value that is markup alone: better than nothing.
    """
    if _is_plain(value, max_bytes):
        return value
    line = _folded(clean_text(value[: max_bytes * 4]))
    for _reading in range(_MAX_READINGS):
        if not HTML.search(line):
            break
        read = _folded(plain_text(_without_false_tags(line), max_bytes))
        if not read or read == line:
            break
        line = clean_text(read)
    return line.encode("utf-8", "surrogatepass")[:max_bytes].decode(errors="ignore").rstrip()


def _is_plain(value: str, max_bytes: int) -> bool:
    """Whether a value is read as it stands; most are."""
    return (
        value.isascii()
        and value.isprintable()
        and not ("&" in value or "<" in value or "  " in value)
        and value == value.strip(" ")
        and len(value) <= max_bytes
    )


def _folded(text: str) -> str:
    return " ".join(text.split())


def _without_false_tags(line: str) -> str:
    """The line with the tags that are a writer's own signs turned into text: those of no usual
    name that nothing closes and that have no attributes."""
    closed = {name.lower() for slash, name, _ in _TAG.findall(line) if slash}

    def kept(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        is_markup = tag[1] or name in _OPEN or name in closed or "=" in tag[3]
        return tag[0] if is_markup else f"&lt;{tag[0][1:-1]}&gt;"

    return _TAG.sub(kept, line)
