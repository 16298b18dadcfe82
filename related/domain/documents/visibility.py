"""What the public may see now, asked of the site's own rows from inside a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Cast, Replace
from django.db.models.lookups import Exact

from related.registry import Source, registered


def is_public(document: str = "") -> Q:
    """Condition on rows: the object behind a document is public at this moment.

    Args:
        document: how a query comes to the document, as ``"target__"``; empty for documents.
    """
    return _is_among(document, lambda source: source.public())


def is_known(document: str = "") -> Q:
    """Condition on rows: the site has the object for the index, public or still to come.

    Args:
        document: as for ``is_public``.
    """
    return _is_among(document, lambda source: source.queryset())


def _is_among(document: str, ask: Callable[[Source], QuerySet[Any]]) -> Q:
    condition = Q(pk__in=[])
    for model, source in registered().items():
        content_type = ContentType.objects.get_for_model(model)
        kind = Exact(OuterRef(f"{document}content_type_id"), Value(content_type.pk))
        objects = _object_of(model, ask(source), kind, OuterRef(f"{document}object_id"))
        condition |= Q(Exists(objects), **{f"{document}content_type": content_type})
    return condition


def _object_of(model: type[Model], objects: QuerySet[Any], kind: Exact, key: F) -> QuerySet[Model]:
    """The object of a key kept as text, found through the primary key's own index.

    A database may look at the key before it looks at the document's ``kind``. CASE alone keeps
    the order, so that no key of another model is taken for a number or a UUID.
    """
    field: Any = model._meta.pk
    while field.remote_field is not None:  # the key of a child model is its parent's
        field = field.target_field
    typed: Func = Cast(key, field)
    if isinstance(field, UUIDField) and not connection.features.has_native_uuid_field:
        typed = Replace(key, Value("-"), Value(""))
    return objects.order_by().filter(pk=Case(When(kind, then=typed)))
