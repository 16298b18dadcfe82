"""Readable, unique addresses for articles and sections."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db.models import Manager, QuerySet
from django.utils.text import slugify

# "budget-vote" taken: try "budget-vote-2" to "budget-vote-9", then a random ending. Numbers read
# well, but counting on for ever would cost a query per step for the thousandth "Weather".
LAST_NUMBER = 9
TOKEN_BYTES = 4
LONGEST_ENDING = 1 + 2 * TOKEN_BYTES

_MARKS = frozenset({"Mn", "Mc"})  # vowel signs, tones, accents that have no composed letter
_VARIATION_SELECTORS = frozenset(map(chr, (0x34F, *range(0xFE00, 0xFE10))))


def is_slug(text: str) -> bool:
    """Whether a text is of letters and digits of any script, their vowel signs, "-" and "_"."""
    return bool(text) and all(map(_may_stand, text))


def slug_base(text: str, fallback: str, max_length: int) -> str:
    """The slug of a title, before it is made unique; ``fallback`` when nothing readable is left.

    Accents are folded away ("Café" -> "cafe") unless that would lose letters, as it does for
    titles that are not in Latin script: those keep their own letters, with their vowel signs.
    """
    folded = slugify(text)
    full = _slugify_any_script(text)
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


class SluggedQuerySet(QuerySet[Any]):
    def taken_slugs(self, slugs: Sequence[str]) -> QuerySet[Any, str]:
        """Those of the slugs that are in use."""
        return self.filter(slug__in=slugs).order_by().values_list("slug", flat=True)


def _slugify_any_script(text: str) -> str:
    """Django's ``slugify(allow_unicode=True)``, which drops vowel signs, with them."""
    text = unicodedata.normalize("NFKC", text).lower().replace("i\u0307", "i")  # from a capital İ
    kept = "".join(c if _may_stand(c) else " " * c.isspace() for c in text)
    return "-".join(kept.replace("-", " ").split()).strip("-_")


def _may_stand(character: str) -> bool:
    if character.isalnum() or character in "-_":
        return True
    is_mark = unicodedata.category(character) in _MARKS
    return is_mark and character not in _VARIATION_SELECTORS


def _numbered(base: str) -> list[str]:
    return [f"{base}-{number}" for number in range(2, LAST_NUMBER + 1)]


def _taken(rows: Manager[Any], slugs: Sequence[str]) -> set[str]:
    return set(rows.taken_slugs(slugs))  # type: ignore[attr-defined]  # from SluggedQuerySet
