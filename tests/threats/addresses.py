"""Every address of the site, from the URLconf, with the rows that its values name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.threats.world import World


@dataclass(frozen=True)
class Address:
    """One line of the table: a pattern of the URLconf and, where it matters, which row."""

    name: str  # the pattern; "admin/…/change/ @news" for the row of the news section
    url: str
    form: dict[str, Any]  # what a POST sends: valid, so that a missing check would let it through


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every pattern below a resolver, as one text each: "articles/<unicode_slug:slug>/"."""
    for each in (resolver or get_resolver()).url_patterns:
        text = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from patterns(each, text)
        elif isinstance(each, URLPattern):
            yield text


def addresses(world: World) -> Iterator[Address]:
    """The site's addresses, each pattern with one row, those of articles with one per section."""
    for pattern in dict.fromkeys(patterns()):
        for row in world.rows_for(pattern):
            yield Address(
                name=f"{pattern} @{row}" if row else pattern,
                url=f"/{_filled(pattern, world.values_for(pattern, row))}",
                form=world.form_for(pattern, row),
            )


def _filled(pattern: str, values: list[str]) -> str:
    """The pattern with its parameters replaced, in their order.

    Raises:
        LookupError: the pattern takes another number of values; the world has to learn it.
    """
    text = pattern.replace("^", "").replace("$", "")
    found = re.findall(r"<[^>]+>|\(\?P<.*?\)", text)
    if len(found) != len(values):
        raise LookupError(f"{pattern}: say in tests/threats/world.py which row it is tried with.")
    for part, value in zip(found, values, strict=True):
        text = text.replace(part, value, 1)
    return text
