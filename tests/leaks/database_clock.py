"""The database's clock shows the machine's time: its functions that tell the time are shadowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

# A schema that is searched before PostgreSQL's own; the time is written there when it moves.
POSTGRESQL = """
CREATE SCHEMA IF NOT EXISTS leaks;
CREATE TABLE IF NOT EXISTS leaks.clock (now timestamptz);
CREATE OR REPLACE FUNCTION leaks.statement_timestamp() RETURNS timestamptz
    LANGUAGE sql STABLE AS 'SELECT now FROM leaks.clock';
"""


@contextmanager
def database_clock(now: Callable[[], datetime]) -> Iterator[Callable[[], None]]:
    """While the context is open, SQL tells this time; call what it yields whenever it moved."""

    def shadow(connection: Any, **kwargs: Any) -> None:
        if connection.vendor == "sqlite":

            def strftime(form: str, *_: object) -> str:
                at = now().strftime(form.replace("%f", "%S.%f"))
                return at[:-3]  # milliseconds, as SQLite has them

            connection.connection.create_function("strftime", -1, strftime)
        else:
            with connection.cursor() as cursor:
                cursor.execute("SET search_path = leaks, public, pg_catalog")

    def moved() -> None:
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM leaks.clock")
            cursor.execute("INSERT INTO leaks.clock VALUES (%s)", [now()])

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(POSTGRESQL)
    connection.ensure_connection()
    shadow(connection)
    moved()
    connection_created.connect(shadow)
    try:
        yield moved
    finally:
        connection_created.disconnect(shadow)
        connection.close()
