"""Objects that stand for registered ones: rows of a parent model, and copies."""

from __future__ import annotations

from django.db.models import Model

from related.registry import is_registered, registered_children, source_for


def original_of(obj: Model) -> Model:
    """The registered object whose links are shown with this one.

    A parent's row stands for that of its registered child; a site's source may name another object
    (``Source.original``).

    Raises:
        LookupError: neither the object's model nor a child of it that has its row is registered.
    """
    if not is_registered(type(obj)):
        obj = _child_of(obj)
    original: Model = source_for(type(obj)).original(obj)
    return original


def _child_of(obj: Model) -> Model:
    """The registered object that extends this row, and the row itself where there is none."""
    for model in registered_children(type(obj)):
        link = model._meta.get_ancestor_link(type(obj))
        assert link is not None
        child = model._base_manager.filter(**{link.name: obj.pk}).first()
        if child is not None:
            return child
    return obj
