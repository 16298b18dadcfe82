"""What earlier imports said of each article: how a row that says nothing new is known."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from related.contrib.importing.models import ImportedRow

Hashes = dict[str, str]
MAX_EARLIER = 50


def hashes_of(values: dict[str, Any]) -> Hashes:
    """A short hash of each value that a row names."""
    return {key: _hash(value) for key, value in values.items()}


def hash_of_all(hashes: Hashes) -> str:
    return _hash(sorted(hashes.items()))


def _hash(value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else json.dumps(value)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


class ImportMemory:
    """The imported rows of one model, as one import sees and writes them."""

    def __init__(self, model: type[Model], run: str) -> None:
        """``run`` names the import: rows that it wrote itself are no earlier import's."""
        self._content_type = ContentType.objects.get_for_model(model)
        self._run = run

    def load(self, external_ids: Iterable[str]) -> dict[str, ImportedRow]:
        rows = ImportedRow.objects.filter(
            content_type=self._content_type, external_id__in=list(external_ids)
        )
        return {row.external_id: row for row in rows}

    def changed(self, row: ImportedRow | None, hashes: Hashes) -> set[str]:
        """The keys whose values are others than the last import's; all of them when there was
        none, and none where the row itself was imported before."""
        if row is None:
            return set(hashes)
        if hash_of_all(hashes) in {row.row_hash, *row.earlier}:
            return set()
        return {key for key, value in hashes.items() if row.hashes.get(key) != value}

    def says_something(self, row: ImportedRow | None, hashes: Hashes) -> bool:
        """Whether a row says anything that no import before has said."""
        return row is None or bool(self.changed(row, hashes))

    def following(
        self, external_id: str, before: ImportedRow | None, hashes: Hashes
    ) -> ImportedRow:
        """What is to be remembered once a changed row is in; ``store`` writes it."""
        row = ImportedRow(content_type=self._content_type, external_id=external_id, run=self._run)
        row.row_hash = hash_of_all(hashes)
        if before is None:
            row.hashes = hashes
            return row
        row.object_id = before.object_id
        row.earlier = before.earlier
        if before.run == self._run:
            row.earlier = [*before.earlier, before.row_hash][-MAX_EARLIER:]
        # A row that names less leaves the rest as the last one had it.
        row.hashes = {**before.hashes, **hashes}
        return row

    def store(self, rows: list[ImportedRow]) -> None:
        ImportedRow.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["content_type", "external_id"],
            update_fields=["object_id", "row_hash", "hashes", "earlier", "run"],
        )
