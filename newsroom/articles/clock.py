"""The database's clock: one for all hosts, and the same in every query."""

from __future__ import annotations

from typing import Any

from django.db.models.functions import Now


class Clock(Now):
    """As ``Now``. SQLite knows milliseconds alone, and what has come out in the present one is out:
    who publishes an article sees it at once."""

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        template = "(STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'NOW') || '999')"
        return self.as_sql(compiler, connection, template=template, **extra)
