"""Saves and deletes of registered objects: each marks its row, in the transaction that saves."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from related.changes import mark_changed, mark_deleted
from related.registry import is_registered, registered_children


def connect() -> None:
    """Listen to every registered model, its subclasses, and the models whose rows it extends;
    called once all models are loaded."""
    for model in apps.get_models():
        if not (is_registered(model) or registered_children(model)):
            continue
        label = f"related.{model._meta.label_lower}"
        post_save.connect(on_save, sender=model, dispatch_uid=f"{label}.save")
        post_delete.connect(on_delete, sender=model, dispatch_uid=f"{label}.delete")


def on_save(sender: type[Model], instance: Model, *, raw: bool, **kwargs: Any) -> None:
    # A fixture being loaded may not be complete yet; the reconcile of the next rebuild finds it.
    if not raw:
        mark_changed([instance])


def on_delete(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    mark_deleted([instance])
