"""Database connections in processes that live long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, close_old_connections, connections


@contextmanager
def with_fresh_connections() -> Iterator[None]:
    """Leave no broken connection behind: after a database error, the next use connects anew.

    Without it the second query after a dropped connection fails as well. Inside an atomic block
    (as tests run tasks) the connections belong to the caller and are left alone.
    """
    in_atomic_block = any(c.in_atomic_block for c in connections.all(initialized_only=True))
    if not in_atomic_block:
        close_old_connections()
    try:
        yield
    except DatabaseError:
        if not in_atomic_block:
            connections.close_all()
        raise
