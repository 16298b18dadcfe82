"""The door through which the site's changes come in: each marks a row in the saving transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from related import tasks
from related.domain.documents.marking import mark_objects, natural_order
from related.domain.transactions import after_commit
from related.enums import Priority
from related.registry import registered, source_for

_collected: ContextVar[dict[type[Model], set[str]] | None] = ContextVar(
    "related_collected", default=None
)


def connect() -> None:
    """Listen to every registered model and its subclasses; called once all models are loaded."""
    for model in apps.get_models():
        if not issubclass(model, tuple(registered())):
            continue
        label = f"related.{model._meta.label_lower}"
        post_save.connect(on_save, sender=model, dispatch_uid=f"{label}.save")
        post_delete.connect(on_delete, sender=model, dispatch_uid=f"{label}.delete")


def on_save(sender: type[Model], instance: Model, *, raw: bool, **kwargs: Any) -> None:
    # A fixture being loaded may not be complete yet; the reconcile of the next rebuild finds it.
    if not raw:
        mark_changed([instance])


def on_delete(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    mark_changed([instance])


def mark_changed(objects: Iterable[Model]) -> None:
    """Ask for new suggestions for these objects, in the current transaction.

    Call it after ``bulk_create``, ``bulk_update`` or ``update()``, which send no signals. The
    workers are woken when the transaction commits; when it rolls back, nothing happened.

    Raises:
        LookupError: an object's model is not registered.
    """
    keys: dict[type[Model], set[str]] = defaultdict(set)
    for obj in objects:
        keys[source_for(type(obj)).model].add(str(obj.pk))
    collected = _collected.get()
    if collected is not None:
        for model, object_ids in keys.items():
            collected.setdefault(model, set()).update(object_ids)
        return
    _mark(keys, Priority.PUBLISH if sum(map(len, keys.values())) == 1 else Priority.BULK)


@contextmanager
def bulk_changes() -> Iterator[None]:
    """Collect every change inside the block and mark them at its end, behind fresh publishes.

    Use it inside the transaction that saves: ``with transaction.atomic(), bulk_changes(): ...``.
    """
    if _collected.get() is not None:  # an outer block marks for this one too
        yield
        return
    collected: dict[type[Model], set[str]] = {}
    reset = _collected.set(collected)
    try:
        yield
    finally:
        _collected.reset(reset)
    _mark(collected, Priority.BULK)


def _mark(keys: dict[type[Model], set[str]], priority: Priority) -> None:
    document_ids = [
        document_id
        for model, object_ids in keys.items()
        for document_id in mark_objects(model, sorted(object_ids, key=natural_order), priority)
    ]
    if document_ids:
        after_commit(tasks.wake_up, document_ids, priority)
