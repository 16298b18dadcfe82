"""Public objects by what outsiders know of them: an address, or ``app_label.model:id``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from related.addresses import path_of
from related.domain.bulk_rows import chunked
from related.domain.documents.loading import load_objects
from related.models import Document
from related.registry import Source, is_valid_key, registered, source_for_label


def find_public_objects(urls: Sequence[str], references: Sequence[str]) -> list[Model]:
    """The objects that the public may see now, each once: by address first, then by reference.

    What is hidden or does not exist is left out. One query for the addresses and one per model.

    Raises:
        LookupError: an address has no path, or a reference names no registered model; the
            message says which.
    """
    found = [*_by_url(urls), *_by_reference(references)]
    return list({(type(obj), obj.pk): obj for obj in found}.values())


def _by_url(urls: Sequence[str]) -> Iterable[Model]:
    paths = [path_of(url) for url in urls]
    for url, path in zip(urls, paths, strict=True):
        if not path:
            message = _("url=%(url)r names no page: give the address of an article, with its path.")
            raise LookupError(message % {"url": url})
    if not paths:
        return []
    rows = Document.objects.filter(url_path__in=paths)
    documents = {document.pk: document for document in rows.order_by("pk")}
    objects = load_objects(documents.values(), public=True)
    # The stored path only finds the row: an address may have passed on to another article since.
    by_path = {
        path_of(document.source.url(objects[key])): objects[key]
        for key, document in documents.items()
        if key in objects
    }
    return [by_path[path] for path in paths if path in by_path]


def _by_reference(references: Sequence[str]) -> Iterable[Model]:
    pairs = [source_and_key(reference) for reference in references]
    keys: dict[Source, list[str]] = defaultdict(list)
    for source, key in pairs:
        if is_valid_key(source.model, key):
            keys[source].append(key)
    objects = {
        (source, str(obj.pk)): obj
        for source, wanted in keys.items()
        for obj in source.public().filter(pk__in=wanted)
    }
    return [objects[pair] for pair in pairs if pair in objects]


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
            type_, _separator, key = reference.partition(":")
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


def source_and_key(reference: str) -> tuple[Source, str]:
    """Split ``app.model:pk`` into the source and the key.

    Raises:
        LookupError: the form is wrong or the model is not registered.
    """
    label, separator, key = reference.partition(":")
    if not separator:
        message = _("%(reference)r is not of the form app.model:id.")
        raise LookupError(message % {"reference": reference})
    return source_for_label(label), key
