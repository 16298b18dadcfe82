"""Statements that are sent often and never change: PostgreSQL plans them once per connection.

Planning a read of a page takes PostgreSQL five times as long as answering it. psycopg prepares what
a connection sends again and again; Django's own cursors put the values into the text, where there
is nothing to prepare.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import NotSupportedError, ProgrammingError

try:
    from psycopg import Cursor
except ImportError:  # a site on SQLite needs no driver for PostgreSQL
    Cursor = None  # type: ignore[assignment,misc]


# Whether a statement's values can go to the server by themselves: the type of each has to be clear
# from where it stands, which the conditions of a site's own queryset need not make so.
_binds: dict[str, bool] = {}
MAX_STATEMENTS = 500


def fetch_all(connection: Any, statement: str, params: Sequence[Any]) -> list[Any]:
    """All rows of a statement whose text stays the same."""
    binds = may_prepare(connection) and _binds.get(statement)
    if binds is None and not connection.in_atomic_block:  # where an error does no harm
        return _try(connection, statement, params)
    if not binds:
        return _fetch_plainly(connection, statement, params)
    try:
        return _fetch_prepared(connection, statement, params)
    except NotSupportedError:
        if connection.in_atomic_block:
            raise
        # A migration changed the type of a column since the statement was prepared.
        connection.connection.execute("DEALLOCATE ALL")
        return _fetch_prepared(connection, statement, params)


def may_prepare(connection: Any) -> bool:
    """Whether the site lets its connections prepare statements.

    It says so with ``prepare_threshold`` in the OPTIONS of a database. Django turns it off by
    itself, for not every pooler in between bears it.
    """
    if connection.vendor != "postgresql" or Cursor is None:
        return False
    connection.ensure_connection()
    return connection.connection.prepare_threshold is not None


def among(connection: Any, column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that a column has one of these values, and its parameters.

    On PostgreSQL its text is the same for any number of them, so that the plan can be kept; but not
    for a single one, of which the planner knows how few rows it brings.
    """
    if len(values) == 1:
        return f"{column} = %s", list(values)
    if connection.vendor == "postgresql" and all(isinstance(value, int | UUID) for value in values):
        return f"{column} = ANY(%s)", [list(values)]
    return f"{column} IN ({', '.join(['%s'] * len(values)) or 'NULL'})", list(values)


def _try(connection: Any, statement: str, params: Sequence[Any]) -> list[Any]:
    if len(_binds) >= MAX_STATEMENTS:
        _binds.clear()
    try:
        rows = _fetch_prepared(connection, statement, params)
    except ProgrammingError:
        rows = _fetch_plainly(connection, statement, params)
        _binds[statement] = False
    else:
        _binds[statement] = True
    return rows


def _fetch_plainly(connection: Any, statement: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _fetch_prepared(connection: Any, statement: str, params: Sequence[Any]) -> list[Any]:
    wrap = connection._prepare_cursor  # noqa: SLF001 - so that it is logged and counted as any other
    with wrap(Cursor(connection.connection)) as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
