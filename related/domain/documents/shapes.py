"""How rows of a site's ``public()`` are read: SQL that is made once, conditions that are its own.

Making SQL of a queryset takes Django several times as long as asking the database. So the part that
does not change from request to request is kept: columns and joins. The conditions are the site's
own, asked for anew each time and compiled anew, for they hold the clock and whatever else the site
looks at; unless it says that they never change. Where that is not certain to give the queryset's
own SQL, the queryset itself is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FullResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from related.domain.prepared import among, fetch_all
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
        condition, asked = among(connection, self.pk_sql, values)
        where = f"{conditions} AND {condition}" if conditions else condition
        found = fetch_all(connection, f"{self.head} WHERE {where}", [*params, *asked])
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


Selection = tuple[Shape, str, Sequence[Any]]


_shapes: dict[Any, Shape | None] = {}
# How the rows of sources are read whose ``public()`` is the same each time.
_fixed: dict[Any, Selection] = {}


def public_rows(source: Source, fields: tuple[str, ...]) -> Selection | QuerySet[Any]:
    """How what the public may see is read: a shape, conditions and their parameters; the site's
    queryset where it has to go its own way.

    Raises:
        EmptyResultSet: the public may see nothing.
    """
    key = type(source), source.model, fields
    if source.public_is_fixed and key in _fixed:
        return _fixed[key]
    queryset = source.public()
    shape = None
    if is_plain(source.model, queryset):
        conditions, params = compile_conditions(queryset)
        shape = shape_of(source, queryset, fields, conditions)
    if shape is None:
        return queryset.only(*fields) if fields else queryset
    selection = shape, conditions, params
    if source.public_is_fixed:
        _fixed[key] = selection
    return selection


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
