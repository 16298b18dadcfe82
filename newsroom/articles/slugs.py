"""Readable, unique addresses for articles and sections."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.db.models import Manager
from django.utils.text import slugify

# "budget-vote" taken: try "budget-vote-2" to "budget-vote-9", then a random ending. Numbers read
# well, but counting on for ever would cost a query per step for the thousandth "Weather".
LAST_NUMBER = 9
TOKEN_BYTES = 4
LONGEST_ENDING = 1 + 2 * TOKEN_BYTES


def slug_base(text: str, fallback: str, max_length: int) -> str:
    """The slug of a title, before it is made unique; ``fallback`` when nothing readable is left.

    Accents are folded away ("Café" -> "cafe") unless that would lose letters, as it does for
    titles that are not in Latin script: those keep their own letters.
    """
    folded = slugify(text)
    full = slugify(text, allow_unicode=True)
    slug = folded if len(folded) == len(full) else full
    return slug[: max_length - LONGEST_ENDING].strip("-_") or fallback


def unique_slugs(rows: Manager[Any], bases: Sequence[str]) -> list[str]:
    """One slug for each base, in order, that none of the rows has; at most two queries for any
    number of bases."""
    taken = _taken(rows, bases)
    crowded = {base for base in bases if base in taken}
    taken |= _taken(rows, [slug for base in crowded for slug in _numbered(base)])
    chosen: list[str] = []
    for base in bases:
        free = (slug for slug in (base, *_numbered(base)) if slug not in taken)
        slug = next(free, None) or f"{base}-{secrets.token_hex(TOKEN_BYTES)}"
        taken.add(slug)
        chosen.append(slug)
    return chosen


def _numbered(base: str) -> list[str]:
    return [f"{base}-{number}" for number in range(2, LAST_NUMBER + 1)]


def _taken(rows: Manager[Any], slugs: Sequence[str]) -> set[str]:
    return set(rows.filter(slug__in=slugs).values_list("slug", flat=True))
