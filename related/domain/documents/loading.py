"""Rows for registered objects: marking, finding, loading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from related.domain.bulk_rows import chunked
from related.domain.transactions import answers
from related.models import Document
from related.registry import registered

# Objects whose texts lie in memory together: the largest take megabytes each.
OBJECTS_AT_ONCE = 10


def load_objects(documents: Iterable[Document], *, public: bool) -> dict[int, Any]:
    """The live objects behind documents, by document id; one query per model.

    Args:
        public: True asks the site's ``public()``, so what is missing from the answer must not be
            shown; False asks ``queryset()``, everything that may be indexed.
    """
    sources = registered()
    by_model: dict[type[Model], dict[Any, int]] = defaultdict(dict)
    for document in documents:
        model = document.kind.model_class()
        if model in sources:  # else the site took the model out, and its rows stay for the log
            by_model[model][model._meta.pk.to_python(document.object_id)] = document.pk
    objects: dict[int, Any] = {}
    for model, document_ids in by_model.items():
        source = sources[model]
        for chunk in chunked(list(document_ids)):
            allowed = source.public() if public else source.queryset()
            for obj in allowed.filter(pk__in=chunk):
                objects[document_ids[obj.pk]] = obj
    return objects


@dataclass(frozen=True, slots=True)
class Unreadable:
    """In the place of an object that cannot be loaded: damaged bytes, say, or a time limit."""

    error: Exception


def indexed_objects(documents: Sequence[Document]) -> Iterator[Any | None]:
    """The live object behind each document in turn, None where there is none to be indexed, and
    ``Unreadable`` for one that cannot be loaded while the database answers.

    Read a few at a time, when their turn comes.
    """
    for some in chunked(documents, OBJECTS_AT_ONCE):
        try:
            objects = load_objects(some, public=False)
        except Exception:  # noqa: BLE001 - one row may be to blame, or a field of the site's own
            objects = _load_each(some)
        for document in some:
            yield objects.pop(document.pk, None)


def _load_each(documents: Iterable[Document]) -> dict[int, Any]:
    """``load_objects`` of all, one at a time."""
    objects: dict[int, Any] = {}
    for document in documents:
        is_there = answers()
        try:
            objects |= load_objects([document], public=False)
        except Exception as error:
            if not (is_there and answers()):
                raise
            objects[document.pk] = Unreadable(error)
    return objects
