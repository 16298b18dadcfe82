"""What the public may see of objects, read from the site's ``public()`` for as little as possible.

Making SQL of a queryset takes Django several times as long as asking the database. So the part that
does not change from request to request is kept: columns and joins. The conditions are the site's
own, asked for anew each time and compiled anew, for they hold the clock and whatever else the site
looks at. Where that is not certain to give the queryset's own SQL, the queryset itself is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.urls import get_script_prefix
from django.utils.translation import get_language

from related.addresses import web_address
from related.domain.bulk_rows import CHUNK, chunked
from related.domain.documents.texts import excerpt_of, section_name_of, title_of
from related.registry import Source

Row = Sequence[Any]
MAX_SHAPES = 200  # a process meets one or two for each model


class Shape:
    """The SELECT of a queryset without its conditions, and how its rows become objects."""

    def __init__(self, queryset: QuerySet[Any], *, is_whole: bool) -> None:
        """Compile a queryset.

        Args:
            is_whole: with all fields, in place of those of a card.

        Raises:
            ValueError: its SQL is not made of a SELECT and the conditions alone.
        """
        self.database = queryset.db
        self.is_whole = is_whole
        connection = connections[self.database]
        compiler = queryset.query.get_compiler(connection=connection)
        statement, params = compiler.as_sql()
        conditions, own_params = compile_conditions(queryset)
        tail = f" WHERE {conditions}" if conditions else ""
        if not statement.endswith(tail) or list(params) != own_params:
            raise ValueError(statement)
        self.head = statement.removesuffix(tail)
        self.pk = queryset.model._meta.pk
        pk_name = connection.ops.quote_name(self.pk.column)
        self.pk_sql = f"{connection.ops.quote_name(queryset.query.get_initial_alias())}.{pk_name}"
        self._read_columns(queryset, compiler)

    def _read_columns(self, queryset: QuerySet[Any], compiler: Any) -> None:
        info = compiler.klass_info
        columns = info["select_fields"]
        self._model = info["model"]
        self._start, self._end = columns[0], columns[-1] + 1
        targets = [compiler.select[at][0].target for at in columns]
        self._attributes = [target.attname for target in targets]
        self.pk_at = self._start + self._attributes.index(self.pk.attname)
        # From Django 6.1 on it asks how fields that are missing shall be read.
        more = [queryset._fetch_mode] if hasattr(queryset, "_fetch_mode") else []  # noqa: SLF001
        populators: Any = get_related_populators
        self._populators = populators(info, compiler.select, self.database, *more)
        self._compiler = compiler
        expressions = [column[0] for column in compiler.select]
        self._converters = compiler.get_converters(expressions)

    def rows(self, conditions: str, params: Sequence[Any], keys: Sequence[Any]) -> list[Row]:
        """The rows of these keys that meet the conditions of a queryset of this shape."""
        connection = connections[self.database]
        values = [self.pk.get_db_prep_value(key, connection) for key in keys]
        among = f"{self.pk_sql} IN ({', '.join(['%s'] * len(values)) or 'NULL'})"
        where = f"{conditions} AND {among}" if conditions else among
        with connection.cursor() as cursor:
            cursor.execute(f"{self.head} WHERE {where}", [*params, *values])
            found: list[Row] = cursor.fetchall()
        if self._converters:
            found = list(self._compiler.apply_converters(found, self._converters))
        return found

    def object_of(self, row: Row) -> Any:
        obj = self._model.from_db(self.database, self._attributes, row[self._start : self._end])
        for populator in self._populators:
            populator.populate(row, obj)
        return obj


def compile_conditions(queryset: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The WHERE of a queryset and its parameters; "" where everything qualifies.

    Raises:
        EmptyResultSet: nothing does.
    """
    query = queryset.query
    if not query.where:
        return "", []
    compiler = query.get_compiler(connection=connections[queryset.db])
    try:
        conditions, params = compiler.compile(query.where)
    except FullResultSet:
        return "", []
    return f"({conditions})" if query.where.connector != "AND" else conditions, list(params)


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


_shapes: dict[Any, Shape | None] = {}
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
        queryset = source.public()
        try:
            shape = None
            if is_plain(source.model, queryset):
                conditions, params = compile_conditions(queryset)
                shape = shape_of(source, queryset, fields, conditions)
            if shape is None:
                self.is_complete = False
                chosen = queryset.filter(pk__in=keys)
                for obj in chosen.only(*fields) if fields else chosen:
                    self._found[source, str(obj.pk)] = obj
                return
            for row in shape.rows(conditions, params, keys):
                self._found[source, str(row[shape.pk_at])] = shape, row
                self.rows.append(row)
        except EmptyResultSet:
            return


def shape_of(
    source: Source, queryset: QuerySet[Any], fields: tuple[str, ...], conditions: str
) -> Shape | None:
    """The shape of the site's queryset with these fields, None where it has to go its own way."""
    query = queryset.query
    joins = [
        (alias, join.table_name, getattr(join, "join_type", None), join.parent_alias)
        for alias, join in query.alias_map.items()
    ]
    key = (
        *(type(source), source.model, fields, queryset.db, type(queryset)),
        *(repr(query.select_related), query.deferred_loading, repr(joins)),
        conditions,
    )
    if key not in _shapes:
        if len(_shapes) >= MAX_SHAPES:  # conditions whose text changes: nothing to be kept
            _shapes.clear()
        chosen = queryset.order_by()
        try:
            some = chosen.only(*fields) if fields else chosen
            _shapes[key] = Shape(some, is_whole=not fields)
        except ValueError:
            _shapes[key] = None
    return _shapes[key]


def is_plain(model: type[Model], queryset: QuerySet[Any]) -> bool:
    """Whether a queryset is a SELECT of a model's rows with conditions, and nothing else."""
    query: Any = queryset.query
    kind, prefetched = "_iterable_class", "_prefetch_related_lookups"  # Django has no other way
    return (
        queryset.model is model
        and getattr(queryset, kind) is ModelIterable
        and not getattr(queryset, prefetched)
        and query.default_cols
        and not query.combinator
        and not query.is_sliced
        and not query.distinct
        and not query.annotations
        and not query.extra
        and not query.extra_tables
        and query.group_by is None
        and not query.select_for_update
        and not getattr(query, "_filtered_relations", None)
    )
