"""What a site calls to say that rows changed: each change is marked in the saving transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Model

from related.enums import Priority
from related.registry import is_registered, registered_children, source_for

_collected: ContextVar[dict[type[Model], set[str]] | None] = ContextVar(
    "related_collected", default=None
)


def mark_changed(objects: Iterable[Model]) -> None:
    """Ask for new suggestions for these objects, in the current transaction.

    Call it after ``bulk_create``, ``bulk_update`` or ``update()``, which send no signals. The
    workers are woken when the transaction commits; when it rolls back, nothing happened. A single
    object counts as a publish; several wait behind fresh publishes.

    An object of a parent model (multi-table inheritance) stands for its registered children, too.

    Raises:
        LookupError: neither an object's model nor a child of it is registered.
    """
    keys: dict[type[Model], set[str]] = defaultdict(set)
    for obj in objects:
        for model, object_ids in _keys_of(obj).items():
            keys[model] |= object_ids
    collected = _collected.get()
    if collected is not None:
        for model, object_ids in keys.items():
            collected.setdefault(model, set()).update(object_ids)
        return
    _mark(keys, Priority.PUBLISH if sum(map(len, keys.values())) == 1 else Priority.BULK)


def mark_deleted(objects: Iterable[Model]) -> None:
    """``mark_changed`` for objects that were deleted: what is saved under such a key later is
    another object, of which no editor has approved anything."""
    from related.domain.documents.marking import remember_deleted

    for obj in objects:
        for model, object_ids in _keys_of(obj).items():
            for object_id in object_ids:
                remember_deleted(model, object_id)
        mark_changed([obj])


@contextmanager
def bulk_changes() -> Iterator[None]:
    """Collect every change inside the block and mark them at its end, behind fresh publishes.

    Saves, deletes and ``mark_changed`` alike. Use it inside the transaction that saves: ``with
    transaction.atomic(), bulk_changes(): ...``. Blocks may be nested; the outermost one marks.
    When an exception leaves the block, nothing is marked.
    """
    if _collected.get() is not None:
        yield
        return
    collected: dict[type[Model], set[str]] = {}
    reset = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(reset)
    _mark(collected, Priority.BULK)


def _keys_of(obj: Model) -> dict[type[Model], set[str]]:
    """The registered objects that share an object's row: itself, and the children that it has."""
    keys: dict[type[Model], set[str]] = {}
    children = registered_children(type(obj))
    for child in children:
        link = child._meta.get_ancestor_link(type(obj))
        assert link is not None
        rows = child._base_manager.filter(**{link.name: obj.pk})
        keys[child] = {str(key) for key in rows.values_list("pk", flat=True)}
    if not children or is_registered(type(obj)):
        keys.setdefault(source_for(type(obj)).model, set()).add(str(obj.pk))
    return keys


def _mark(keys: Mapping[type[Model], Iterable[str]], priority: Priority) -> None:
    # A site imports this file before Django has loaded the models, and calls it only afterwards.
    from related.domain.attention.states import refresh_around
    from related.domain.documents.marking import mark_objects, natural_order
    from related.domain.documents.site_marks import store_site_marks
    from related.domain.transactions import after_commit
    from related.wakeups import wake_up

    document_ids = [
        document_id
        for model, object_ids in keys.items()
        for document_id in mark_objects(model, sorted(object_ids, key=natural_order), priority)
    ]
    if document_ids:
        after_commit(store_site_marks, document_ids)
        after_commit(refresh_around, document_ids)
        after_commit(wake_up, document_ids, priority)
