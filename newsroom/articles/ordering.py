"""The order of articles by date: the newest first, those without a date last."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement
from django.db.models import F, Index, Model

# PostgreSQL would put what has no date first.
NEWEST_FIRST = (F("published_at").desc(nulls_last=True), F("id").desc())


class NewestFirstIndex(Index):
    """An index for articles in this order, within equal values of the columns named before.

    SQLite has the same order without the words NULLS LAST, and refuses them in an index.
    """

    def __init__(self, *columns: str, name: str) -> None:
        super().__init__(*map(F, columns), *NEWEST_FIRST, name=name)
        self._columns = columns

    def create_sql(
        self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor, *args: Any, **kwargs: Any
    ) -> Statement:
        if schema_editor.connection.vendor != "sqlite":
            return super().create_sql(model, schema_editor, *args, **kwargs)
        plain = Index(fields=[*self._columns, "-published_at", "-id"], name=self.name)
        return plain.create_sql(model, schema_editor, *args, **kwargs)

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        path, _, kwargs = super().deconstruct()
        return path, self._columns, kwargs
