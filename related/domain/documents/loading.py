"""Rows for registered objects: marking, finding, loading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, Model, OuterRef

from related.domain.transactions import answers
from related.enums import Priority
from related.models import Document, DocumentVector
from related.registry import Source, is_valid_key, registered, source_for_label

# SQLite takes at most 32,766 parameters in a query, older builds 999.
CHUNK = 900
# Objects whose texts lie in memory together: the largest take megabytes each.
OBJECTS_AT_ONCE = 10

T = TypeVar("T")


def chunked(items: Sequence[T], size: int = CHUNK) -> Iterable[Sequence[T]]:
    """Consecutive pieces of at most ``size`` items."""
    return (items[start : start + size] for start in range(0, len(items), size))


def natural_order(object_id: str) -> tuple[int, str]:
    """Sort key that puts keys kept as text in their own order: 9 before 10."""
    return len(object_id), object_id


def mark_objects(model: type[Model], object_ids: Sequence[str], priority: Priority) -> list[int]:
    """Mark the documents of these objects as changed, creating missing rows; returns their ids.

    Rows are created at revision 0 and only then raised: when another transaction created the row
    first, the raise waits for it and our change still counts.
    """
    content_type = ContentType.objects.get_for_model(model)
    document_ids: list[int] = []
    for chunk in chunked(object_ids):
        documents = Document.objects.for_objects(model, list(chunk))
        marked = documents.lock_in_order() if len(chunk) > 1 else documents
        if marked.mark(priority) < len(chunk):
            known = set(documents.values_list("object_id", flat=True))
            missing = [object_id for object_id in chunk if object_id not in known]
            Document.objects.bulk_create(
                [Document(content_type=content_type, object_id=key) for key in missing],
                ignore_conflicts=True,
            )
            Document.objects.for_objects(model, missing).mark(priority)
        document_ids.extend(documents.values_list("pk", flat=True))
    return document_ids


def mark_in_background(document_ids: Iterable[int], priority: Priority) -> None:
    """Mark documents in short transactions; those that a save holds are marked by that save."""
    for chunk in chunked(list(document_ids)):
        with transaction.atomic():
            Document.objects.filter(pk__in=chunk).lock_in_order(skip_locked=True).mark(priority)


def document_of(obj: Model) -> Document | None:
    """The row of a registered object, None before its first mark."""
    return Document.objects.for_objects(type(obj), [str(obj.pk)]).first()


def ensure_document(obj: Model) -> Document:
    """The row of a registered object, created (and marked as waiting) if there is none."""
    document = document_of(obj)
    if document is None:
        mark_objects(type(obj), [str(obj.pk)], Priority.PUBLISH)
        document = document_of(obj)
    assert document is not None
    return document


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


def find_object(source: Source, object_id: str, *, public: bool) -> Any | None:
    """One object by its primary key as text; None when missing, hidden or no possible key."""
    if not is_valid_key(source.model, object_id):
        return None
    allowed = source.public() if public else source.queryset()
    return allowed.filter(pk=object_id).first()


def find_documents(references: Sequence[str]) -> dict[str, Document]:
    """Documents by what people write: ``app.model:pk``, or a site's own external id.

    Returns only what was found, keyed by the reference as given.
    """
    found: dict[str, Document] = {}
    for source in registered().values():
        label = source.model._meta.label_lower
        named: dict[str, set[str]] = defaultdict(set)  # by key: one object may have two names
        others = []
        for reference in references:
            type_, _, key = reference.partition(":")
            if type_.lower() == label and is_valid_key(source.model, key):
                named[key].add(reference)
            else:
                others.append(reference)
        for chunk in chunked(others):
            for obj in source.with_external_ids(chunk):
                named[str(obj.pk)].add(source.external_id(obj))
        for keys in chunked(list(named)):
            for document in Document.objects.for_objects(source.model, list(keys)):
                found.update(dict.fromkeys(named[document.object_id], document))
    return found


def search_documents(text: str, *, exclude: Document, limit: int = 20) -> list[Document]:
    """What an editor finds by words, in the order of each source's ``search()``.

    Indexed documents only, so the first hits may fall out: enough are looked up to fill the list.
    """
    documents: list[Document] = []
    for source in registered().values():
        keys = [str(pk) for pk in source.search(text).values_list("pk", flat=True)[:CHUNK]]
        rows = Document.objects.for_objects(source.model, keys).indexed().exclude(pk=exclude.pk)
        by_key = {row.object_id: row for row in rows}
        documents += [by_key[key] for key in keys if key in by_key]
    return documents[:limit]


def source_and_key(reference: str) -> tuple[Source, str]:
    """Split ``app.model:pk`` into the source and the key.

    Raises:
        LookupError: the form is wrong or the model is not registered.
    """
    label, separator, key = reference.partition(":")
    if not separator:
        raise LookupError(f"{reference!r} is not of the form app.model:id.")
    return source_for_label(label), key


def reconcile_rows() -> tuple[int, int]:
    """Find what changed behind our back: objects without a row, rows without object or vector.

    Returns:
        How many rows were created, and how many were marked because their object is gone.
    """
    n_created = n_gone = 0
    for source in registered().values():
        rows = Document.objects.filter(content_type=ContentType.objects.get_for_model(source.model))
        known = dict(rows.values_list("object_id", "is_indexed"))
        keys = {str(pk) for pk in source.queryset().order_by().values_list("pk", flat=True)}
        vector = DocumentVector.objects.filter(document=OuterRef("pk"))
        mark_in_background(
            rows.indexed().exclude(Exists(vector)).values_list("pk", flat=True), Priority.BULK
        )
        created = sorted(keys - known.keys(), key=natural_order)
        gone = [key for key, is_indexed in known.items() if is_indexed and key not in keys]
        for chunk in (*chunked(created), *chunked(gone)):
            with transaction.atomic():
                mark_objects(source.model, chunk, Priority.BULK)
        n_created += len(created)
        n_gone += len(gone)
    return n_created, n_gone
