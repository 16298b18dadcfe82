"""Exports as systems write them, a few articles each: of the sample archive in every format, and
of real sites where their files are at hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.services.project import ROOT

SAMPLE = ROOT / "newsroom" / "sample" / "articles.jsonl"
N_ARTICLES = 5
MAX_BYTES = 60_000  # of a real export: small ones are mutated more often
Article = dict[str, Any]


@dataclass(frozen=True)
class Export:
    """``ends``: where each article of ``content`` ends, in bytes; empty where that is not known."""

    name: str
    content: bytes = field(repr=False)
    ends: tuple[int, ...] = field(default=(), repr=False)

    def n_before(self, position: int) -> int:
        """How many articles stand wholly before a position."""
        return sum(end <= position for end in self.ends)


def sample_exports() -> list[Export]:
    with SAMPLE.open() as lines:
        articles = [json.loads(line) for line in islice(lines, N_ARTICLES)]
    return [write(articles) for write in WRITERS]


def real_exports(folder: Path) -> Iterator[Export]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".rss", ".atom", ".xml"}:
            content = path.read_bytes()
            if len(content) <= MAX_BYTES:
                yield Export(path.name, content)


def _joined(name: str, head: str, parts: list[str], between: str, foot: str) -> Export:
    text, ends = head, []
    for number, part in enumerate(parts):
        text += (between if number else "") + part
        ends.append(len(text.encode()))
    return Export(name, (text + foot).encode(), tuple(ends))


def _json_lines(articles: list[Article]) -> Export:
    # A line ends with its line feed: what is put behind it before that is part of it.
    return _joined("jsonl", "", [json.dumps(each) + "\n" for each in articles], "", "")


def _json(articles: list[Article]) -> Export:
    return _joined("json", "[", [json.dumps(each) for each in articles], ",\n", "]")


def _json_feed(articles: list[Article]) -> Export:
    head = '{"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": [\n'
    items = [
        json.dumps(
            {
                "id": each["id"],
                "title": each["title"],
                "content_text": each["body"],
                "date_published": each["published_at"],
            }
        )
        for each in articles
    ]
    return _joined("json feed", head, items, ",\n", "\n]}")


def _table(articles: list[Article]) -> Export:
    def line(cells: list[Any]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(cells)
        return out.getvalue()

    names = ["id", "title", "body", "published_at", "section"]
    rows = [line([each.get(name) for name in names]) for each in articles]
    return _joined("csv", line(names), rows, "", "")


def _rss(articles: list[Article]) -> Export:
    items = [
        f"<item><guid>{each['id']}</guid><title>{escape(each['title'])}</title>"
        f"<description>{escape(each['body'])}</description>"
        "<pubDate>Mon, 06 Jan 2025 07:00:00 GMT</pubDate></item>"
        for each in articles
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>A</title>\n'
    return _joined("rss", head, items, "\n", "\n</channel></rss>\n")


def _atom(articles: list[Article]) -> Export:
    entries = [
        f"<entry><id>urn:{each['id']}</id><title>{escape(each['title'])}</title>"
        f'<content type="html">{escape(each["body"])}</content>'
        f"<updated>{each['published_at']}</updated></entry>"
        for each in articles
    ]
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>\n'
    return _joined("atom", head, entries, "\n", "\n</feed>\n")


def _wordpress(articles: list[Article]) -> Export:
    posts = [
        f"<item><title>{escape(each['title'])}</title><guid>{each['id']}</guid>"
        f"<content:encoded><![CDATA[{each['body']}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_type>post</wp:post_type>"
        "<wp:status>publish</wp:status><wp:post_date_gmt>2025-01-06 07:00:00</wp:post_date_gmt>"
        "</item>"
        for number, each in enumerate(articles, start=1)
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:wp="http://wordpress.org/export/1.2/">\n'
        "<channel><title>A</title><wp:wxr_version>1.2</wp:wxr_version>\n"
    )
    return _joined("wxr", head, posts, "\n", "\n</channel></rss>\n")


WRITERS: list[Callable[[list[Article]], Export]] = [
    *(_json_lines, _json, _json_feed, _table),
    *(_rss, _atom, _wordpress),
]
