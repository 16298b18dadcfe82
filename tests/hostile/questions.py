"""Hostile paths and query strings for everything that the public can read."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from urllib.parse import quote

from tests.hostile.articles import ADDRESSES, IDS
from tests.hostile.texts import TEXTS

ONE = "/api/v1/links/{}/{}/"
MANY = "/api/v1/links/"
LONGEST = 8_000  # characters; servers refuse longer lines
KEYS = (
    *("1", "0", "-1", "01", "1.0", "1e3", " 1", "٣", "9" * 30, "9" * 5_000, "\x00", "\ud800"),
    *("9223372036854775807", "9223372036854775808", "../1", "1;2", "1'--", "true", "\u202e1"),
)  # fmt: skip
TYPES = (
    *("newsroom.article", "NEWSROOM.ARTICLE", "auth.user", "related.document", "a", ".", "\x00.a"),
)  # fmt: skip
PLACES = (
    *("/articles/{}/", "/sections/{}/", "/{}", "/api/v1/{}/", "/feed/{}"),
    "/sections/city/?page={}",
)  # fmt: skip


def hostile_questions(n: int, seed: int) -> Iterator[str]:
    """n paths with their query strings, percent-encoded as a client sends them."""
    random = Random(seed)
    kinds = [_one, _many, _many, _page, _page]
    for number in range(n):
        yield kinds[number % len(kinds)](random)


def encoded(value: str) -> str:
    """Lone surrogates and all: bytes that are no UTF-8 arrive as such."""
    return quote(value[:LONGEST].encode("utf-8", "surrogatepass"), safe="")[:LONGEST]


def _one(random: Random) -> str:
    key = random.choice(KEYS) if random.random() < 0.8 else _line(random)
    return ONE.format(encoded(random.choice(TYPES)), encoded(key))


def _many(random: Random) -> str:
    values = []
    for _ in range(random.choice([1, 2, 20, 21, 200])):
        if random.random() < 0.5:
            text = random.choice([*ADDRESSES, *IDS, f"/articles/{_line(random)}/"])
            values.append(f"url={encoded(text)[: LONGEST // 10]}")
        else:
            key = f"{random.choice(TYPES)}:{random.choice(KEYS)}"
            values.append(f"id={encoded(key)[: LONGEST // 10]}")
    return f"{MANY}?{'&'.join(values)}"


def _page(random: Random) -> str:
    return random.choice(PLACES).format(encoded(random.choice([*KEYS, *IDS, _line(random)])))


def _line(random: Random) -> str:
    return random.choice(list(TEXTS.values()))(random)[: random.choice([20, 200, LONGEST])]
