"""Whole hostile articles: sensible ones with something hostile in one field or in several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.hostile.texts import TEXTS

DATES = (
    *("0001-01-01 00:00:00", "9999-12-31 23:59:59", "1000-01-01", "2999-12-31T23:59:59+00:00"),
    *("2026-02-30", "yesterday", "2026-13-01 25:61:61", "-1", "1e400", "2026-01-01T00:00:00+99:99"),
    *("٢٠٢٦-٠١-٠١", "2026-03-29 02:30", "0000-00-00", "2026-01-01\x00", "9" * 500),
)  # fmt: skip
ADDRESSES = (
    *("javascript:alert(1)", "data:text/html,<script>", "http://[::1", "http://[fe80::1%25eth0]/"),
    *("http://a..b/", "http://" + "a" * 2_000 + ".example", "//evil.example", "http://\x00/"),
    *("http://user:pass@127.0.0.1:99999/", "http://ex\u202eample/", "http://xn--0.example/"),
    *("https://例え.テスト/\ud800", "ftp://a.example/", "http://" + "." * 300, "http://a:b:c@/?#%zz"),
)  # fmt: skip
LANGUAGES = ("", "xx", "zh-hant", "english", "e\x00n", "../../en", "EN_us", "\u202een", "en" * 500)
NAMES = (
    *("", "=HYPERLINK(1)", "a\x00b", "\ud800", "<script>", "..", "/", "ß" * 200, "\u202e", "\x00"),
)  # fmt: skip
IDS = (
    *("", "0", "-1", "a\x00b", "\ud800", "é" * 200, "e\u0301" * 200, "x" * 201),
    *("newsroom.article:1", "a b", "  a  ", "../..", "%00", "9" * 200, "\u202eid", "'; --", "\n"),
    "=1+1",
)  # fmt: skip
STATUSES = ("published", "PUBLISHED", "withdrawn", "scheduled", "draft", "deleted", "\x00", "")


@dataclass(frozen=True)
class HostileArticle:
    """``fields`` has the keys of an archive's row; ``kind`` names what is hostile about it."""

    kind: str
    fields: dict[str, Any]


def hostile_articles(n: int, seed: int) -> Iterator[HostileArticle]:
    """The same n articles for the same seed: of five in a row, three have every kind of text in
    the body by turns, one in the fields of one line, and one has odd facts."""
    kinds = list(TEXTS)
    for number in range(n):
        random = Random(f"{seed}-{number}")
        turn, place = divmod(number, 5)
        if place < 3:
            yield _in_body(random, number, kinds[(turn * 3 + place) % len(kinds)])
        elif place == 3:
            yield _in_title(random, number, kinds[turn % len(kinds)])
        else:
            yield _in_facts(random, number)


def _sensible(random: Random, number: int) -> dict[str, Any]:
    return {
        "id": f"hostile-{number}",
        "title": f"Harbor bridge number {number} closes",
        "body": f"<p>The council closed bridge {number} after the storm.</p>" * 3,
        "excerpt": "In short.",
        "language": random.choice(["en", "en", "de", "ar", "zh"]),
        "section": random.choice(["City", "Sports", "Weather"]),
        "published_at": f"2026-0{random.randint(1, 9)}-1{random.randint(0, 9)}T06:00:00Z",
    }


def _in_body(random: Random, number: int, kind: str) -> HostileArticle:
    fields = _sensible(random, number) | {"body": TEXTS[kind](random)}
    if random.random() < 0.2:
        fields["language"] = None  # to be guessed from the text
    return HostileArticle(f"body: {kind}", fields)


def _in_title(random: Random, number: int, kind: str) -> HostileArticle:
    """The start of a text in every field of one line; the whole of it in the excerpt."""
    text = TEXTS[kind](random)
    line = text[: random.choice([10, 90, 290, 400, len(text)])]
    hostile = {"title": line, "excerpt": text, "source": line, "section": line[:100] or None}
    hostile["tags"] = [line[:100], line[:10]]
    hostile["authors"] = [line[:100]]
    return HostileArticle(f"title: {kind}", _sensible(random, number) | hostile)


def _in_facts(random: Random, number: int) -> HostileArticle:
    hostile = {
        "id": random.choice(IDS),
        "published_at": random.choice(DATES),
        "url": random.choice(ADDRESSES),
        "image_url": random.choice(ADDRESSES),
        "language": random.choice(LANGUAGES),
        "section": random.choice(NAMES),
        "source": random.choice(NAMES),
        "authors": [random.choice(NAMES), random.choice(NAMES)],
        "tags": [random.choice(NAMES), random.choice(NAMES)],
        "status": random.choice(STATUSES),
    }
    chosen = random.sample(sorted(hostile), random.choice([1, 1, 2, len(hostile)]))
    fields = _sensible(random, number) | {name: hostile[name] for name in chosen}
    return HostileArticle(f"facts: {chosen[0] if len(chosen) == 1 else 'several'}", fields)
