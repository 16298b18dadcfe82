"""Hostile articles as lines of an archive, between lines that are no articles at all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from random import Random
from xml.sax.saxutils import escape

from tests.hostile.articles import HostileArticle
from tests.hostile.texts import BOMB

DEEP = 100_000

LINES: dict[str, bytes] = {
    "deep list": b"[" * DEEP + b"]" * DEEP,
    "deep list without end": b"[" * DEEP,
    "deep object in a row": b'{"title": "a", "tags": '
    + b'{"a":' * DEEP
    + b"1"
    + b"}" * DEEP
    + b"}",
    "row just not too deep": b'{"title": "deep", "x": ' + b"[" * 500 + b"]" * 500 + b"}",
    "nan": b'{"title": "a", "body": NaN, "id": Infinity, "published_at": -Infinity}',
    "nan in an unknown key": b'{"title": "nan", "weight": NaN, "other": [Infinity]}',
    "huge number": b'{"title": "a", "id": ' + b"9" * 5_000 + b"}",
    "big number": b'{"title": "a", "id": ' + b"9" * 190 + b"}",
    "float": b'{"title": "a", "id": 1e400, "published_at": 1e400}',
    "wrong types": b'{"title": ["a"], "body": {}, "tags": "x", "authors": 5, "section": false}',
    "wrong types inside": b'{"title": "a", "tags": [1, null, {}, []], "authors": [[["a"]]]}',
    "null title": b'{"title": null}',
    "same key twice": b'{"title": "a", "title": "b", "id": "twice", "id": "twice too"}',
    "no object": b'"title"',
    "number": b"17",
    "not json": b"{'title': 'a'}",
    "half a row": b'{"title": "a", "body": "',
    "not utf-8": b'{"title": "\xff\xfe\xed\xa0\x80"}',
    "utf-16": '{"title": "a"}'.encode("utf-16"),
    "escaped surrogate": b'{"title": "a\\ud800b", "body": "\\udfff"}',
    "escaped nul": b'{"title": "a\\u0000b", "body": "\\u0000"}',
    "nul bytes": b"\x00" * 1_000,
    "byte order mark": b'\xef\xbb\xbf{"title": "a"}',
    "too long": b'{"title": "long", "body": "' + b"a" * 7_000_000 + b'"}',
    "many keys": json.dumps({"title": "keys"} | {f"k{n}": n for n in range(50_000)}).encode(),
    "many tags": json.dumps({"title": "tags", "tags": [f"t{n}" for n in range(2_000)]}).encode(),
    "xml": BOMB.encode(),
}


def as_lines(articles: Iterable[HostileArticle]) -> bytes:
    """JSON Lines as any program writes them, with characters escaped or not."""
    random = Random(1)
    written = []
    for article in articles:
        text = json.dumps(article.fields, ensure_ascii=random.random() < 0.5)
        written.append(text.encode("utf-8", "surrogatepass"))
    for line in LINES.values():
        written.insert(random.randrange(len(written) + 1), line)
    return b"\n".join(written)


def as_csv(articles: Iterable[HostileArticle]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["id", "title", "body", "published_at"])
    for article in articles:
        fields = article.fields
        rows.writerow([fields.get(key) for key in ("id", "title", "body", "published_at")])
    return out.getvalue().encode("utf-8", "surrogatepass")


def as_feed(articles: Iterable[HostileArticle]) -> bytes:
    """RSS (and WXR, which is RSS with more names) that starts with a bomb of entities."""
    items = "".join(
        f"<item><title>{escape(str(article.fields['title']))}</title>"
        f"<description>{escape(str(article.fields['body']))}</description>&lol9;</item>"
        for article in articles
    )
    return f"{BOMB}{items}</channel></rss>".encode("utf-8", "surrogatepass")
