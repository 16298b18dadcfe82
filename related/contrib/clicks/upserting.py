"""Adds counts to rows that may be there: one statement for many of them, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import connection, models

from related.domain.bulk_rows import ROWS_PER_INSERT, chunked

Value = int | str | date
Row = tuple[Value, ...]


def add_counts(
    model: type[models.Model],
    unique: Sequence[str],
    others: Sequence[str],
    counts: Mapping[Row, tuple[int, int]],
) -> None:
    """Add ``shown`` and ``clicked`` to the rows of a model, which are made where they are missing.

    Always in the same order, so that processes that write the same rows wait for each other and
    never in a circle.

    Args:
        unique: the columns that name a row, as the model's constraint has them.
        others: what more a new row gets; a row that is there keeps its own.
        counts: by the values of all these columns.
    """
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = [*unique, *others, "shown", "clicked"]
    names = ", ".join(quote(name) for name in columns)
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in columns[-2:])
    target = ", ".join(quote(name) for name in unique)
    row = f"({', '.join(['%s'] * len(columns))})"
    n = len(unique)
    for some in chunked(sorted(counts, key=lambda key: key[:n]), ROWS_PER_INSERT):
        statement = (
            f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * len(some))} "  # noqa: S608
            f"ON CONFLICT ({target}) DO UPDATE SET {added}"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for key in some for value in (*key, *counts[key])])
