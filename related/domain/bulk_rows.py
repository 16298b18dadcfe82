"""Many rows into and out of the database at once: COPY on PostgreSQL, bulk queries elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, models

# SQLite takes at most 32,766 parameters in a query, older builds 999.
CHUNK = 900
ROWS_PER_INSERT = 500
ROWS_PER_READ = 2000

Row = tuple[Any, ...]
T = TypeVar("T")


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows of plain values, one per name in ``fields``; a foreign key is its number.

    Runs in the caller's transaction. A conflict with a stored row is an IntegrityError.
    """
    if connection.vendor != "postgresql":
        attributes = [_column(model, name).attname for name in fields]
        objects = [model(**dict(zip(attributes, row, strict=True))) for row in rows]
        model._base_manager.bulk_create(objects, batch_size=ROWS_PER_INSERT)
        return
    columns = [_column(model, name) for name in fields]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(column.column)) for column in columns)
    adapted = [(n, column) for n, column in enumerate(columns) if _needs_adapting(column)]
    statement = f"COPY {quote(model._meta.db_table)} ({names}) FROM STDIN (FORMAT BINARY)"
    with _copy(statement) as copy:
        copy.set_types([_type(column) for column in columns])
        for row in rows:
            values = list(row)
            for n, column in adapted:
                values[n] = column.get_db_prep_save(values[n], connection)
            copy.write_row(values)


def read_rows(rows: models.QuerySet[Any], fields: Sequence[str]) -> Iterator[Row]:
    """The values of ``fields`` of each row, streamed; binary values as bytes.

    Take all that it gives before using the connection for anything else.
    """
    values = rows.values_list(*fields)
    if connection.vendor != "postgresql":
        for row in values.iterator(chunk_size=ROWS_PER_READ):
            yield tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
        return
    columns = [_column(rows.model, name) for name in fields]
    # Parameters go into the text: COPY takes none, and the cursor that DEBUG counts with neither.
    operations: Any = connection.ops  # of PostgreSQL, which Django's types do not know
    query = operations.compose_sql(*values.query.sql_with_params())
    statement = f"COPY ({query}) TO STDOUT (FORMAT BINARY)"
    with _copy(statement) as copy:
        copy.set_types([_type(column) for column in columns])
        yield from copy.rows()


@contextmanager
def _copy(statement: str) -> Iterator[Any]:
    """A COPY whose errors are Django's, as those of all statements: ``cursor.copy`` has its own.

    A full disk or a cut connection would look like the fault of the documents otherwise.
    """
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        yield copy


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field), f"{name} has no column"
    return field


def _type(field: models.Field[Any, Any]) -> str:
    """The name of a column's type, as PostgreSQL writes it."""
    return (field.rel_db_type(connection) if field.is_relation else field.db_type(connection)) or ""


def _needs_adapting(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.JSONField)


def chunked(items: Sequence[T], size: int = CHUNK) -> Iterable[Sequence[T]]:
    """Consecutive pieces of at most ``size`` items."""
    return (items[start : start + size] for start in range(0, len(items), size))
