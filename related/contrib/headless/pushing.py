"""Storing what was pushed. The same push again changes nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

import related
from related.contrib.headless.models import Page
from related.models import Document
from related.registry import Source, is_valid_key

PAGE = Page._meta.label_lower


def put_page(id_: str, fields: dict[str, Any]) -> str:
    """Store a page as a whole: ``created``, ``updated`` or ``unchanged``."""
    with transaction.atomic(savepoint=False):
        page = Page.objects.select_for_update().filter(pk=id_).first()
        if page is not None and all(getattr(page, name) == fields[name] for name in fields):
            return "unchanged"
        # Another push may have made it meanwhile; then this one is the later of the two.
        _page, is_created = Page.objects.update_or_create(pk=id_, defaults=fields)
    return "created" if is_created else "updated"


def delete_page(id_: str) -> str:
    """``deleted``, or ``unchanged`` where there was none."""
    with transaction.atomic(savepoint=False):
        page = Page.objects.select_for_update().filter(pk=id_).first()
        if page is None:
            return "unchanged"
        page.delete()
    return "deleted"


def mark(source: Source, id_: str) -> str:
    """A model of the site's own keeps its rows itself: a push says that one of them changed.

    ``marked``; or ``unknown`` for what neither is there nor was.
    """
    if not is_valid_key(source.model, id_):
        return "unknown"
    known = Document.objects.for_objects(source.model, [id_])
    if not (source.model._base_manager.filter(pk=id_).exists() or known.exists()):
        return "unknown"
    with transaction.atomic():
        related.mark_changed([source.model(pk=source.model._meta.pk.to_python(id_))])
    return "marked"
