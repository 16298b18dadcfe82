"""What a link shows of its target, for objects that the public may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.urls import get_script_prefix
from django.utils.translation import get_language

from related.addresses import web_address
from related.domain.bulk_rows import CHUNK, chunked
from related.domain.documents.shapes import Row, public_rows
from related.domain.documents.texts import excerpt_of, section_name_of, title_of
from related.registry import Source


class Card(NamedTuple):
    """What a link shows of its target, as readers see it."""

    title: str
    url: str
    excerpt: str
    image_url: str
    section: str
    published_at: datetime | None
    language: str

    @classmethod
    def of(cls, source: Source, obj: Any) -> Card:
        return cls(
            title_of(source, obj),
            web_address(source.url(obj)),
            excerpt_of(source, obj),
            web_address(source.image_url(obj)),
            section_name_of(source, obj),
            source.published_at(obj),
            source.language(obj) or "",
        )


# Cards of rows that were read before: a site that names the fields of its cards says that equal
# rows make equal cards.
_cards: dict[Any, Card] = {}
MAX_CARDS = 2_000  # some kilobytes each, in every process
MAX_CARD_CHARACTERS = 2_000


class Cards:
    """Public objects of any number of models, read when they are first asked for.

    ``objects`` are made of their rows when they are needed: most of what may stand on a page does
    not. ``rows`` says what was read, so that equal rows can be known for equal answers.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.is_complete = True  # whether ``rows`` and the fields of cards say all of the objects
        # What a site's own code may go by beside its rows: the language, and where it is mounted.
        self._surroundings = get_language(), get_script_prefix()
        self._asked: set[tuple[Source, str]] = set()
        self._found: dict[tuple[Source, str], Any] = {}  # an object, or its shape and row

    def ask(self, keys: Iterable[tuple[Source, str]], *, whole: bool = False) -> None:
        """Look which of these the public may see; one query per model.

        Args:
            whole: with all fields, in place of those that a card shows.
        """
        wanted: dict[Source, dict[Any, None]] = {}
        for source, key in keys:
            if (source, key) not in self._asked:
                self._asked.add((source, key))
                wanted.setdefault(source, {})[source.model._meta.pk.to_python(key)] = None
        for source, some in wanted.items():
            for chunk in chunked(list(some), CHUNK):
                self._read(source, chunk, () if whole else tuple(source.card_fields))

    def look_in_vain(self, source: Source) -> None:
        """Ask for nothing: what is missing takes as many queries as what is hidden."""
        self._read(source, [], tuple(source.card_fields))

    def __contains__(self, key: tuple[Source, str]) -> bool:
        return key in self._found

    def __getitem__(self, key: tuple[Source, str]) -> Any:
        found = self._found[key]
        if isinstance(found, tuple):
            shape, row = found
            found = self._found[key] = shape.object_of(row)
        return found

    def card(self, key: tuple[Source, str]) -> Card:
        found = self._found[key]
        if not (isinstance(found, tuple) and self.is_complete):
            return Card.of(key[0], self[key])
        shape, row = found
        if shape.is_whole:
            return Card.of(key[0], self[key])
        known = key[0], shape, tuple(row), self._surroundings
        card = _cards.get(known)
        if card is None:
            card = Card.of(key[0], self[key])
            if len(_cards) >= MAX_CARDS:
                _cards.clear()
            if len(card.title) + len(card.excerpt) <= MAX_CARD_CHARACTERS:
                _cards[known] = card
        return card

    def was_asked(self, key: tuple[Source, str]) -> bool:
        return key in self._asked

    def _read(self, source: Source, keys: Sequence[Any], fields: tuple[str, ...]) -> None:
        self.is_complete &= bool(source.card_fields)
        try:
            public = public_rows(source, fields)
        except EmptyResultSet:
            return
        if isinstance(public, QuerySet):
            self.is_complete = False
            for obj in public.filter(pk__in=keys):
                self._found[source, str(obj.pk)] = obj
            return
        shape, conditions, params = public
        for row in shape.rows(conditions, params, keys):
            self._found[source, str(row[shape.pk_at])] = shape, row
            self.rows.append(row)
