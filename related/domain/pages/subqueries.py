"""Rows of another query as one value of a row: JSON, made by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Subquery, TextField

_FUNCTIONS = {
    "postgresql": ("json_agg", "json_build_array", "::text"),
    "sqlite": ("json_group_array", "json_array", ""),
}
# An array in PostgreSQL: its planner expects few ids of one, and looks each up by its index.
_FOUND = {
    "postgresql": """{key} = ANY(ARRAY(SELECT found.value::bigint
        FROM jsonb_path_query({contents}::jsonb, '$[0,1,3][*][1]') AS found(value)))""",
    "sqlite": """{key} IN (
        SELECT json_extract(value, '$[1]') FROM json_each({contents}, '$[0]') UNION ALL
        SELECT json_extract(value, '$[1]') FROM json_each({contents}, '$[1]') UNION ALL
        SELECT json_extract(value, '$[1]') FROM json_each({contents}, '$[3]'))""",
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


class StoredTarget(Func):
    """Condition: a document's id is that of a target in the contents of a row of pages, as
    ``contents.as_json`` writes them: pinned, approved and suggested are its lists 0, 1 and 3, and
    of each entry the target is the second value. Contents may be null or empty."""

    output_field = BooleanField()
    arity = 2

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        key, contents = (compiler.compile(each)[0] for each in self.get_source_expressions())
        return _FOUND[connection.vendor].format(key=key, contents=f"NULLIF({contents}, '')"), ()
