"""Public objects by what outsiders know of them: an address, or ``app_label.model:id``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Model

from related.domain.documents.loading import load_objects, source_and_key
from related.domain.documents.reading import path_of
from related.models import Document
from related.registry import Source, is_valid_key


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
            raise LookupError(
                f"url={url!r} names no page: give the address of an article, with its path."
            )
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
