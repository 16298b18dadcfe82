"""Rows of an archive -> rows of a site's own model, block by block."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from related.changes import bulk_changes
from related.contrib.importing.blocks import Block
from related.contrib.importing.checking import (
    MAX_LENGTHS,
    CheckedRow,
    RowRefusedError,
    check_row,
)
from related.contrib.importing.memory import ImportMemory
from related.contrib.importing.rows import Found, Notice, Refusal, Row

__all__ = ["ModelImport", "RowRefusedError", "Totals"]

BLOCK_ROWS = 500
BLOCK_CHARACTERS = 16_000_000  # of bodies; keeps memory flat whatever the articles' size


@dataclass
class Totals:
    """What an import did, counted in rows; ``repeated`` are those that a later one replaced."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    refused: int = 0

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + self.repeated + self.refused


class ModelImport:
    """Imports into one model: a subclass names the model and which field takes which value.

    ``fields`` maps the keys of JSON Lines to the model's fields; ``key`` is the unique field that
    keeps the id. Without a field for ``status``, only published articles go in. A row that was
    imported before changes nothing; of a row that says something new, only the values that are new
    are set. An article that was deleted returns under its primary key.
    """

    model: ClassVar[type[Model]]
    key: ClassVar[str] = "external_id"
    fields: ClassVar[Mapping[str, str]]
    other_fields: ClassVar[Sequence[str]] = ()  # that ``complete`` may change besides
    statuses: ClassVar[Mapping[str, Any]] = {}

    def __init__(
        self, report: Callable[[Refusal | Notice], None], *, dry_run: bool = False
    ) -> None:
        """``report`` is called with all that is refused or worth knowing; with ``dry_run`` every
        block is rolled back, so that the totals say what would happen."""
        self.totals = Totals()
        self.dry_run = dry_run
        self._report = report
        self._memory = ImportMemory(self.model, uuid.uuid4().hex)
        self._lengths = {**MAX_LENGTHS, **self._field_lengths()}
        self._rows: list[CheckedRow] = []
        self._characters = 0
        self._would_exist: set[str] = set()

    def run(self, found: Iterable[Found]) -> Totals:
        """Take everything in. Each full block is committed: an import that was stopped is simply
        started again."""
        for each in found:
            if isinstance(each, Row):
                self._take(each)
            elif isinstance(each, Refusal):
                self._refuse(each)
            else:
                self._report(each)
            if len(self._rows) >= BLOCK_ROWS or self._characters >= BLOCK_CHARACTERS:
                self._save()
        self._save()
        return self.totals

    # What a site may override.

    def new(self, external_id: str) -> Any:
        """An object for an id that is not known yet: published, unless its row says otherwise."""
        obj = self.model(**{self.key: external_id})
        self.set_value(obj, "status", "published")
        return obj

    def set_value(self, obj: Any, key: str, value: Any) -> None:
        """Give an object one value of a row. A key that ``fields`` does not name is passed over.

        Raises:
            RowRefusedError: the object cannot take it.
        """
        if key in self.fields:
            value = self.statuses.get(value, value) if key == "status" else value
            empty = self.model._meta.get_field(self.fields[key]).null
            setattr(obj, self.fields[key], value if value is not None or empty else "")

    def complete(self, obj: Any, values: Mapping[str, Any]) -> None:
        """Called when ``values``, what is new in a row, are set.

        Raises:
            RowRefusedError: the object cannot be saved like this.
        """

    def save_new(self, objects: list[Any]) -> None:
        self.model._base_manager.bulk_create(objects)

    def save_relations(self, values: list[tuple[Any, dict[str, Any]]]) -> set[Any]:
        """Save what stands in other tables, of saved objects and their changed values; returns
        the objects that it changed."""
        return set()

    # How it is done.

    def _field_lengths(self) -> dict[str, int]:
        named = {**self.fields, "id": self.key}
        lengths = {
            key: getattr(self.model._meta.get_field(name), "max_length", None)
            for key, name in named.items()
        }
        return {key: length for key, length in lengths.items() if length}

    def _take(self, row: Row) -> None:
        try:
            checked = check_row(row, self._lengths)
        except RowRefusedError as refused:
            self._refuse(Refusal(row.where, str(refused)))
            return
        status = checked.values.get("status", "published")
        if "status" not in self.fields and status != "published":
            message = _("it is %(status)s, and only published articles are taken")
            self._refuse(Refusal(row.where, message % {"status": status}))
            return
        self._rows.append(checked)
        self._characters += len(checked.values.get("body", ""))

    def _refuse(self, refusal: Refusal) -> None:
        self.totals.refused += 1
        self._report(refusal)

    def _save(self) -> None:
        if not self._rows:
            return
        rows, self._rows, self._characters = self._rows, [], 0
        block = Block(self, self._memory)
        with transaction.atomic():
            with bulk_changes():
                block.save(rows)
            if self.dry_run:
                transaction.set_rollback(True)
        self._count(block)
        for refusal in block.refusals:
            self._refuse(refusal)

    def _count(self, block: Block) -> None:
        for external_id, change in block.changes.items():
            # Of a block that was rolled back, a later one knows nothing.
            is_new = change.is_new and external_id not in self._would_exist
            self.totals.created += is_new
            self.totals.updated += not is_new and change.is_touched
            self.totals.unchanged += not is_new and not change.is_touched
            self.totals.repeated += change.n_rows - 1
            if self.dry_run and change.is_new:
                self._would_exist.add(external_id)
