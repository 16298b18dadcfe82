"""A feed or export in XML, cut into its items while it is read.

No document is ever parsed as a whole: each item is cut out and parsed by itself (``xml_parsing``),
so that a file of any size needs the memory of one item, and a damaged item costs that item alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from related.contrib.importing.limits import MAX_ITEM_CHARACTERS

MAX_OPEN_TAGS = 20

# What has to be told apart to find the items' ends: elsewhere "<item>" is only text.
_NEXT = re.compile(
    r"<(?:(?P<other>!--|!\[CDATA\[|!DOCTYPE|\?)|"
    r"(?P<close>/?)(?:(?P<prefix>[\w.-]{1,80}):)?(?P<name>(?i:item|entry))(?=[\s/>]))"
)
_ENDS = {"!--": "-->", "![CDATA[": "]]>", "?": "?>"}
_LONGEST_START = 120  # of what _NEXT can match
_TAG = re.compile(r"""<(/?)([\w.:-]++)((?:[^<>"']++|"[^"]*"|'[^']*')*+)>""")
_NOT_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_NOT_TAGS_BUT_CDATA = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*+(?:\[(?P<subset>.*?)\]\s*+)?>", re.DOTALL)
_ENTITY = re.compile(r"<!ENTITY\s+(?:%\s+)?([\w.:-]+)")
# Prefixes under which an element "item" or "entry" is one of a feed.
_FEED_SPACES = re.compile(
    r"""xmlns:([\w.-]+)\s*=\s*["'][^"']*(?:purl\.org/(?:rss/|atom)|w3\.org/2005/Atom|"""
    r"""netscape\.com/rdf|rss/1\.0/$|backend\.userland\.com|blogs\.law\.harvard)""",
    re.IGNORECASE,
)


@dataclass
class Item:
    """The text of one item and the line that it begins on."""

    line: int
    text: str
    problem: str = ""  # "cut" by the end of the file, or "too long"


@dataclass
class Head:
    """What stands before the first item."""

    text: str = ""
    open_tags: list[str] = field(default_factory=list)  # as written, around every item
    entities: set[str] = field(default_factory=set)  # that its document type declares
    entities_line: int = 0


class XMLItems:
    """Iterating yields the items; ``head`` is complete before the first of them is.

    All positions count from the beginning of the file; ``_text`` holds what is still needed of it.
    """

    def __init__(self, chunks: Iterable[str]) -> None:
        self.head = Head()
        self._chunks = iter(chunks)
        self._text, self._base = "", 0
        self._line, self._line_at = 1, 0  # the line of one position, to count on from
        self._has_doctype = False
        self._prefixes: set[str] | None = None  # known once the head is

    def __iter__(self) -> Iterator[Item]:
        tag = self._next_tag(0)
        while tag is not None:
            start = self._base + tag.start()
            after = self._base + tag.end()
            if tag["close"] or self._is_foreign(tag):
                tag = self._next_tag(after)
                continue
            self._end_head(start)
            self._forget(start)
            line = self._line_of(start)
            item, tag = self._item(start, after, line)
            yield item
        self._end_head(self._base + len(self._text))

    def _item(self, start: int, after: int, line: int) -> tuple[Item, re.Match[str] | None]:
        """The item that begins at ``start``, and the next tag after it."""
        if self._is_empty_element(start, after):
            return Item(line, self._slice(start, after) + "/>"), self._next_tag(after)
        tag = self._next_tag(after, keep=start)
        while tag is not None and self._is_foreign(tag):
            tag = self._next_tag(self._base + tag.end(), keep=start)
        if tag is None:
            is_long = len(self._text) > MAX_ITEM_CHARACTERS
            problem = "too long" if is_long else "cut"
            text = "" if is_long else self._text[start - self._base :]
            return Item(line, text, problem), self._next_tag(self._base + len(self._text) - 1)
        end = self._base + tag.start()
        if not tag["close"]:
            name = (self._slice(start, after))[1:]  # it ends where the next one begins
            return Item(line, f"{self._slice(start, end)}</{name}>"), tag
        end = self._find(">", end, start) + 1
        return Item(line, self._slice(start, end)), self._next_tag(end)

    def _next_tag(self, position: int, keep: int | None = None) -> re.Match[str] | None:
        """The next tag of an item outside comments and the like; ``keep`` is where the item began
        that is being read, None between items. None at the end, or when the item gets too long."""
        while True:
            found = _NEXT.search(self._text, position - self._base)
            if found is None or found.end() == len(self._text):
                position = max(
                    position,
                    self._base + (found.start() if found else len(self._text) - _LONGEST_START),
                )
                if not self._read(position if keep is None else keep):
                    return found if found and found["name"] else None
                continue
            if found["name"]:
                return found
            position = self._end_of(found, keep)
            if position < 0:
                return None

    def _end_of(self, found: re.Match[str], keep: int | None) -> int:
        """Where a comment, CDATA, an instruction or the document type ends; -1 if it does not."""
        start = self._base + found.start()
        if found["other"] == "!DOCTYPE":
            return self._end_of_doctype(start)
        ending = _ENDS[found["other"]]
        end = self._find(ending, self._base + found.end(), start if keep is None else keep)
        return end + len(ending) if end >= 0 else -1

    def _end_of_doctype(self, start: int) -> int:
        """Only the first is looked at: a document has no other."""
        if self._has_doctype:
            return start + 1
        self._has_doctype = True
        while (found := _DOCTYPE.match(self._text, start - self._base)) is None:
            if not self._read(start):
                return start + 1
        names = _ENTITY.findall(found["subset"] or "")
        if names:
            self.head.entities_line = self._line_of(start)
        self.head.entities.update(names)
        return self._base + found.end()

    def _find(self, ending: str, position: int, keep: int) -> int:
        while (found := self._text.find(ending, max(position - self._base, 0))) < 0:
            position = self._base + max(len(self._text) - len(ending), position - self._base)
            if not self._read(keep):
                return self._base + len(self._text) if len(ending) == 1 else -1
        return self._base + found

    def _read(self, keep: int) -> bool:
        """Read on, forgetting what stands before ``keep``; whether there was more."""
        if self._prefixes is not None:  # before that, all of the head is kept
            self._forget(keep)
        if len(self._text) > MAX_ITEM_CHARACTERS:
            if self._prefixes is None:
                self._end_head(self._base)
            return False
        chunk = next(self._chunks, "")
        self._text += chunk
        return bool(chunk)

    def _forget(self, before: int) -> None:
        cut = before - self._base
        if cut > len(self._text) // 2:  # else copying the rest costs more than it frees
            self._line_of(before)
            self._text, self._base = self._text[cut:], before

    def _line_of(self, position: int) -> int:
        self._line += self._text.count("\n", self._line_at - self._base, position - self._base)
        self._line_at = position
        return self._line

    def _slice(self, start: int, end: int) -> str:
        return self._text[start - self._base : end - self._base]

    def _is_empty_element(self, start: int, after: int) -> bool:
        end = self._find(">", after, start)
        return self._slice(end - 1, end) == "/"

    def _is_foreign(self, tag: re.Match[str]) -> bool:
        if not tag["prefix"]:
            return False
        if self._prefixes is None:
            return tag["prefix"] not in _FEED_SPACES.findall(self._text[: tag.start()])
        return tag["prefix"] not in self._prefixes

    def _end_head(self, position: int) -> None:
        if self._prefixes is None:
            text = self._slice(0, position)
            self.head.text = _without_doctype(_NOT_TAGS_BUT_CDATA.sub("", text))
            self.head.open_tags = _open_tags(text)
            self._prefixes = set(_FEED_SPACES.findall(text))


def _open_tags(head: str) -> list[str]:
    """The tags, as written, that are still open at the end of a piece of XML."""
    tags: list[tuple[str, str]] = []
    for found in _TAG.finditer(_without_doctype(_NOT_TAGS.sub("", head))):
        if found[1]:
            while any(name == found[2] for name, _ in tags) and tags.pop()[0] != found[2]:
                pass
        elif not found[3].endswith("/") and len(tags) < MAX_OPEN_TAGS:
            tags.append((found[2], found[0]))
    return [tag for _, tag in tags]


def _without_doctype(head: str) -> str:
    start = head.find("<!DOCTYPE")
    found = _DOCTYPE.match(head, start) if start >= 0 else None
    return head[:start] + head[found.end() :] if found else head
