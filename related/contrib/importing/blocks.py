"""A block of checked rows in the database, with a handful of queries for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from django.db.models import Model
from django.utils import timezone

from related.changes import mark_changed
from related.contrib.importing.checking import CheckedRow, RowRefusedError
from related.contrib.importing.memory import Hashes, ImportMemory, hashes_of
from related.contrib.importing.models import ImportedRow
from related.contrib.importing.rows import Refusal
from related.registry import source_for

UPDATED_AT_ONCE = 100


class Target(Protocol):
    """What a block asks of the import that it belongs to; see ``ModelImport``."""

    model: ClassVar[type[Model]]
    key: ClassVar[str]
    fields: ClassVar[Mapping[str, str]]
    other_fields: ClassVar[Sequence[str]]

    def new(self, external_id: str) -> Any: ...
    def set_value(self, obj: Any, key: str, value: Any) -> None: ...
    def complete(self, obj: Any, values: Mapping[str, Any]) -> None: ...
    def save_new(self, objects: list[Any]) -> None: ...
    def save_relations(self, values: list[tuple[Any, dict[str, Any]]]) -> set[Any]: ...


@dataclass
class Change:
    """What the rows of one id do to its object."""

    obj: Any  # None where nothing is said of it that was not said before
    is_new: bool
    memory: ImportedRow | None
    before: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)  # that differ from the last import's
    n_rows: int = 0
    is_said_anew: bool = False
    is_touched: bool = False


class Block:
    """Rows of one transaction. Known objects are locked before they are looked at, and only what
    their rows change is written, so an editor who works on them meanwhile loses nothing."""

    def __init__(self, target: Target, memory: ImportMemory) -> None:
        self.changes: dict[str, Change] = {}
        self.refusals: list[Refusal] = []
        self._target, self._memory = target, memory
        self._objects = target.model._base_manager
        self._attributes = [
            target.model._meta.get_field(name).attname  # type: ignore[union-attr]
            for name in [*target.fields.values(), *target.other_fields]
        ]

    def save(self, rows: list[CheckedRow]) -> None:
        """Create or update the objects of these rows, and mark them for the workers."""
        self._prepare(rows)
        new = [change for change in self.changes.values() if change.is_new]
        self._give_back_keys(new)
        if new:
            self._target.save_new([change.obj for change in new])
        touched = {change.obj for change in new} | self._update()
        values = [(change.obj, change.values) for change in self.changes.values() if change.values]
        if values:
            touched |= self._target.save_relations(values)
        self._remember()
        for change in self.changes.values():
            change.is_touched = change.obj in touched
        if touched and _is_registered(self._target.model):
            mark_changed(touched)

    def _prepare(self, rows: list[CheckedRow]) -> None:
        said = [(row, hashes_of(row.values)) for row in rows]
        remembered = self._memory.load({row.external_id for row in rows})
        new_to_us = {
            row.external_id
            for row, hashes in said
            if self._memory.says_something(remembered.get(row.external_id), hashes)
        }
        known = self._lock(new_to_us) | self._there(remembered.keys() - new_to_us)
        for row, hashes in said:  # of an id that comes twice, the later row has the last word
            external_id = row.external_id
            change = self.changes.get(external_id)
            if change is None:
                is_new = external_id not in known
                obj = self._target.new(external_id) if is_new else known[external_id]
                before = {} if is_new or obj is None else self._snapshot(obj)
                change = Change(obj, is_new, remembered.get(external_id), before)
            try:
                self._apply(change, row, hashes)
            except RowRefusedError as refused:
                self.refusals.append(Refusal(row.where, str(refused)))
            else:
                self.changes[external_id] = change

    def _lock(self, ids: Iterable[str]) -> dict[str, Any]:
        """Known objects, locked by primary key, so that two imports of them never deadlock."""
        key, wanted = self._target.key, list(ids)
        if not wanted:
            return {}
        rows = self._objects.select_for_update(of=("self",)).filter(**{f"{key}__in": wanted})
        return {str(getattr(obj, key)): obj for obj in rows.order_by("pk")}

    def _there(self, ids: Iterable[str]) -> dict[str, Any]:
        """Those of the ids that have an object, none of which has to be looked at."""
        key, wanted = self._target.key, list(ids)
        if not wanted:
            return {}
        rows = self._objects.filter(**{f"{key}__in": wanted})
        return dict.fromkeys(map(str, rows.values_list(key, flat=True)))

    def _snapshot(self, obj: Any) -> dict[str, Any]:
        return {name: getattr(obj, name) for name in self._attributes}

    def _apply(self, change: Change, row: CheckedRow, hashes: Hashes) -> None:
        # What was deleted since it was imported takes everything again.
        is_first = change.is_new and not change.n_rows
        keys = set(hashes) if is_first else self._memory.changed(change.memory, hashes)
        if keys:
            values = {key: value for key, value in row.values.items() if key in keys}
            self._set(change, values)
            change.values |= values
        if keys or change.memory is None:
            change.memory = self._memory.following(row.external_id, change.memory, hashes)
            change.is_said_anew = True
        change.n_rows += 1

    def _set(self, change: Change, values: dict[str, Any]) -> None:
        held = self._snapshot(change.obj)
        try:
            for key, value in values.items():
                self._target.set_value(change.obj, key, value)
            self._target.complete(change.obj, values)
        except RowRefusedError:
            for name, value in held.items():
                setattr(change.obj, name, value)
            raise

    def _give_back_keys(self, new: list[Change]) -> None:
        """What was deleted returns under the primary key that it had: links and rejections that
        editors decided, and addresses that other systems keep, name it by that."""
        pk = self._target.model._meta.pk
        earlier = {
            id(change): pk.to_python(change.memory.object_id)
            for change in new
            if change.memory is not None and change.memory.object_id
        }
        if not earlier:
            return
        rows = self._objects.filter(pk__in=earlier.values())
        taken = set(rows.values_list("pk", flat=True))
        for change in new:
            key = earlier.get(id(change))
            if key is not None and key not in taken:
                change.obj.pk = key
                taken.add(key)

    def _update(self) -> set[Any]:
        by_fields: dict[tuple[str, ...], list[Any]] = defaultdict(list)
        for change in self.changes.values():
            if change.is_new or change.obj is None:
                continue
            now = self._snapshot(change.obj)
            names = tuple(name for name, value in now.items() if change.before[name] != value)
            if names:
                by_fields[names].append(change.obj)
        stamps = [f.name for f in self._target.model._meta.fields if getattr(f, "auto_now", False)]
        for names, objects in by_fields.items():
            for obj in objects:
                for stamp in stamps:
                    setattr(obj, stamp, timezone.now())
            self._objects.bulk_update(objects, [*names, *stamps], batch_size=UPDATED_AT_ONCE)
        return {obj for objects in by_fields.values() for obj in objects}

    def _remember(self) -> None:
        rows = []
        for change in self.changes.values():
            if change.memory is not None and (change.is_said_anew or change.is_new):
                change.memory.object_id = str(change.obj.pk)
                rows.append(change.memory)
        if rows:
            self._memory.store(rows)


def _is_registered(model: type[Model]) -> bool:
    try:
        source_for(model)
    except LookupError:
        return False
    return True
