"""Rows for registered objects: marked as changed, created where missing, reconciled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.utils import timezone

from related.domain.bulk_rows import chunked
from related.enums import Priority
from related.models import Document, DocumentVector
from related.models.documents import DocumentQuerySet
from related.registry import registered, source_for
from related.signals import documents_changed


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
        keys = list(documents.values_list("pk", flat=True))
        documents_changed.send(Document, document_ids=keys)
        document_ids.extend(keys)
    return document_ids


def remember_deleted(model: type[Model], object_id: str) -> None:
    """Note with its row that the object was deleted."""
    Document.objects.for_objects(model, [object_id]).update(deleted_at=timezone.now())


def mark_in_background(document_ids: Iterable[int], priority: Priority) -> None:
    """Mark documents in short transactions; those that a save holds are marked by that save."""
    for chunk in chunked(list(document_ids)):
        with transaction.atomic():
            Document.objects.filter(pk__in=chunk).lock_in_order(skip_locked=True).mark(priority)


def document_of(obj: Model) -> Document | None:
    """The row of a registered object, None before its first mark."""
    return Document.objects.for_objects(source_for(type(obj)).model, [str(obj.pk)]).first()


def ensure_document(obj: Model) -> Document:
    """The row of a registered object, created (and marked as waiting) if there is none."""
    document = document_of(obj)
    if document is None:
        mark_objects(source_for(type(obj)).model, [str(obj.pk)], Priority.PUBLISH)
        document = document_of(obj)
    assert document is not None
    return document


def reconcile_rows() -> tuple[int, int]:
    """Find what changed without a signal: objects without a row, rows without object or vector,
    drafts that began or ended. (The texts of known drafts are read after each rebuild.)

    Returns:
        How many rows were created, and how many were marked because their object is gone.
    """
    n_created = n_gone = 0
    for source in registered().values():
        rows = Document.objects.filter(content_type=ContentType.objects.get_for_model(source.model))
        known = dict(rows.values_list("object_id", "is_indexed"))
        keys = _keys_of(source.queryset())
        drafts = _keys_of(source.drafts()) - keys
        vector = DocumentVector.objects.filter(document=OuterRef("pk"))
        mark_in_background(
            rows.indexed().exclude(Exists(vector)).values_list("pk", flat=True), Priority.BULK
        )
        created = sorted(keys - known.keys(), key=natural_order)
        gone = [key for key, is_indexed in known.items() if is_indexed and key not in keys]
        started = sorted(_unknown_drafts(rows, drafts, known), key=natural_order)
        were_drafts = rows.drafts().values_list("object_id", flat=True)
        ended = [key for key in were_drafts if key not in drafts]
        for chunk in (*chunked(created), *chunked(gone), *chunked([*started, *ended])):
            with transaction.atomic():
                mark_objects(source.model, chunk, Priority.BULK)
        n_created += len(created)
        n_gone += len(gone)
    return n_created, n_gone


def mark_drafts(corpus_language: str) -> None:
    """Ask for new links for all drafts in a language. What waits gets them anyway, and what was set
    aside is not brought back: its text may kill workers."""
    rows = Document.objects.drafts().filter(language=corpus_language, done_rev=F("want_rev"))
    rows.lock_in_order(skip_locked=True).mark(Priority.BULK)


def _keys_of(objects: QuerySet[Any]) -> set[str]:
    return {str(pk) for pk in objects.order_by().values_list("pk", flat=True)}


def _unknown_drafts(
    rows: DocumentQuerySet, drafts: set[str], known: Mapping[str, bool]
) -> set[str]:
    """Drafts without a row, and those whose row answers what the object was before."""
    answered = rows.filter(is_draft=False, is_indexed=False, done_rev=F("want_rev"))
    others = set(answered.values_list("object_id", flat=True))
    return {key for key in drafts if key not in known or key in others}
