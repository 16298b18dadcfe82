"""The live objects behind documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from related.domain.bulk_rows import chunked
from related.domain.transactions import answers
from related.models import Document
from related.registry import Source, registered

# Objects whose texts lie in memory together: the largest take megabytes each.
OBJECTS_AT_ONCE = 10


def load_objects(documents: Iterable[Document], *, public: bool) -> dict[int, Any]:
    """The live objects behind documents, by document id; one query per model.

    Args:
        public: True asks the site's ``public()``, so what is missing from the answer must not be
            shown; False asks ``queryset()``, everything that may be indexed.
    """
    if public:
        return _load(documents, lambda source: source.public())
    return _load(documents, lambda source: source.queryset())


def load_drafts(documents: Iterable[Document]) -> dict[int, Any]:
    """Those of some documents that are being written, by document id; one query per model that
    has drafts. What is in ``queryset()`` as well is to be taken out first."""
    return _load(documents, lambda source: source.drafts())


def load_reviewable(documents: Iterable[Document]) -> dict[int, Any]:
    """The live objects that an editor may decide about: what may be indexed, and drafts."""
    wanted = list(documents)
    known = load_objects(wanted, public=False)
    return known | load_drafts([document for document in wanted if document.pk not in known])


def load_stored(documents: Iterable[Document]) -> dict[int, Any]:
    """What the database still has of documents, also what the site no longer offers, by document
    id; one query per model.
    """
    return _load(documents, lambda source: source.model._base_manager.all())


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


def _load(documents: Iterable[Document], ask: Callable[[Source], QuerySet[Any]]) -> dict[int, Any]:
    """The objects behind documents that are in the queryset of their source, by document id.

    A document whose model is not registered, or is no longer installed, has none: the site took
    the model out, and its rows stay for the log.
    """
    sources = registered()
    by_model: dict[type[Model], dict[Any, int]] = defaultdict(dict)
    for document in documents:
        model = document.kind.model_class()
        if model in sources:
            by_model[model][model._meta.pk.to_python(document.object_id)] = document.pk
    return {
        document_ids[obj.pk]: obj
        for model, document_ids in by_model.items()
        for keys in chunked(list(document_ids))
        for obj in ask(sources[model]).filter(pk__in=keys)
    }
