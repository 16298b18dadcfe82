"""Which models take part, and through which source each is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Model
from django.utils.translation import gettext as _

from related.source import Source, is_valid_key

__all__ = [
    "Source",
    "is_registered",
    "is_valid_key",
    "register",
    "registered",
    "registered_children",
    "source_for",
    "source_for_label",
    "unregister",
]


S = TypeVar("S", bound=type[Source])

_sources: dict[type[Model], Source] = {}


def register(model: type[Model]) -> Callable[[S], S]:
    """Class decorator: let objects of ``model`` take part, read through the decorated Source.

    Raises:
        ImproperlyConfigured: the model is registered already, is abstract, or is a proxy.
    """

    def decorate(source_class: S) -> S:
        if model in _sources and type(_sources[model]) is not source_class:
            raise ImproperlyConfigured(
                f"{model._meta.label} is registered already, by {type(_sources[model]).__name__}."
            )
        if model._meta.abstract or model._meta.proxy:
            kind = "abstract" if model._meta.abstract else "a proxy"
            raise ImproperlyConfigured(f"{model._meta.label} is {kind}; register a concrete one.")
        _sources[model] = source_class(model)
        return source_class

    return decorate


def unregister(model: type[Model]) -> None:
    """Take a model out again (for tests of the registration itself)."""
    _sources.pop(model, None)


def registered() -> dict[type[Model], Source]:
    """All registered models and their sources, in the order of registration."""
    return dict(_sources)


def source_for(model: type[Model]) -> Source:
    """The source of a model.

    Raises:
        LookupError: the model is not registered; the message names those that are.
    """
    for ancestor in model.__mro__:
        if ancestor in _sources:
            return _sources[ancestor]
    raise LookupError(_not_registered(model._meta.label_lower))


def is_registered(model: type[Model]) -> bool:
    """Whether objects of a model take part, by itself or by an ancestor."""
    return any(ancestor in _sources for ancestor in model.__mro__)


def registered_children(model: type[Model]) -> list[type[Model]]:
    """The registered models that extend a model's rows by tables of their own."""
    return [child for child in _sources if child is not model and issubclass(child, model)]


def source_for_label(label: str) -> Source:
    """The source of ``app_label.model``, as addresses and commands name it.

    A child of a registered model, or a proxy, goes by its own label as well: it has the keys of
    the model that it extends.

    Raises:
        LookupError: no such model is registered.
    """
    for model, source in _sources.items():
        if model._meta.label_lower == label.lower():
            return source
    try:
        found = apps.get_model(label)
    except (LookupError, ValueError):
        found = None
    if found is not None and is_registered(found):
        source = source_for(found)
        if _has_keys_of(found, source.model):
            return source
    raise LookupError(_not_registered(label))


def _has_keys_of(model: type[Model], ancestor: type[Model]) -> bool:
    """Whether the primary key of a model is that of the row that it extends."""
    key: models.Field[Any, Any] = model._meta.pk
    while key.model is not ancestor:
        if not (isinstance(key, models.OneToOneField) and key.remote_field.parent_link):
            return False
        key = key.related_model._meta.pk
    return True


def _not_registered(label: str) -> str:
    if not _sources:
        return _("%(label)s is not registered; no model is.") % {"label": label}
    known = ", ".join(model._meta.label_lower for model in _sources)
    message = _("%(label)s is not registered (registered: %(known)s).")
    return message % {"label": label, "known": known}
