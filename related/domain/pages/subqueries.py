"""Rows of another query as one value of a row: JSON, made by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet, Subquery, TextField

_FUNCTIONS = {
    "postgresql": ("json_agg", "json_build_array", "::text"),
    "sqlite": ("json_group_array", "json_array", ""),
}


class RowsOf(Subquery):
    """The values of some fields of each row, as a list of lists; null or empty where there are
    none. The order is that of the queryset."""

    output_field = TextField()

    def __init__(self, queryset: QuerySet[Any], *names: str) -> None:
        self.aliases = [f"value_{number}" for number in range(len(names))]
        named = {alias: F(name) for alias, name in zip(self.aliases, names, strict=True)}
        super().__init__(queryset.annotate(**named).values(*self.aliases))

    def as_sql(
        self, compiler: Any, connection: Any, template: str | None = None, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        collect, one, as_text = _FUNCTIONS[connection.vendor]
        values = ", ".join(f"found.{alias}" for alias in self.aliases)
        template = f"(SELECT {collect}({one}({values})){as_text} FROM (%(subquery)s) AS found)"  # noqa: S608 - names of our own
        return super().as_sql(compiler, connection, template, **extra)
