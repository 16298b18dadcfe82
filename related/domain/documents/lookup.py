"""Public objects by what outsiders know of them: an address, or ``app_label.model:id``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from related.addresses import Address, read_address
from related.domain.bulk_rows import CHUNK, chunked
from related.domain.documents.addresses import url_key
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
    addresses = [read_address(url) for url in urls]
    for url, address in zip(urls, addresses, strict=True):
        if address is None:
            message = _("url=%(url)r names no page: give the address of an article, with its path.")
            raise LookupError(message % {"url": url})
    asked = [address for address in addresses if address is not None]
    if not asked:
        return []
    documents = {document.pk: document for document in _documents_at(asked)}
    objects = load_objects(documents.values(), public=True)
    # The stored key only finds the row: an address may have passed on to another article since.
    there = [
        _Place(address, documents[key].is_one_of_several, objects[key])  # type: ignore[attr-defined]
        for key in sorted(objects)
        if (address := read_address(documents[key].source.url(objects[key])))
    ]
    found = (_at(address, there) for address in asked)
    return [obj for obj in found if obj is not None]


class _Place(NamedTuple):
    address: Address
    is_one_of_several: bool  # whether other pages have its path, with other parameters
    obj: Model


def _documents_at(addresses: Sequence[Address]) -> QuerySet[Document]:
    """The documents that may have one of these addresses, whatever the host."""
    spelled = {*addresses, *(address.without_query for address in addresses)}
    keys = [url_key(address) for address in spelled]
    paths = [address.path[:500] for address in addresses]
    others = Document.objects.filter(url_path=OuterRef("url_path")).exclude(
        url_key=OuterRef("url_key")
    )
    rows = Document.objects.filter(Q(url_key__in=keys) | Q(url_key=None, url_path__in=paths))
    return rows.annotate(is_one_of_several=Exists(others))


def _at(asked: Address, places: Sequence[_Place]) -> Model | None:
    """The object whose page has this address; None where that would be a guess.

    A path alone is known on every host. Parameters that no page of the path has are passed over.
    """
    same = [
        place
        for place in places
        if place.address.path == asked.path
        and (place.address.host == asked.host or not (place.address.host and asked.host))
        and (
            place.address.query == asked.query
            or not (place.address.query or place.is_one_of_several)
        )
    ]
    same = [place for place in same if place.address == asked] or same
    if len({place.address for place in same}) > 1:
        same = [place for place in same if place.address.query == asked.query]
    # One address has passed from an article to another: the later one.
    return same[-1].obj if len({place.address for place in same}) == 1 else None


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


class AmbiguousReference(LookupError):
    """An id of two kinds of documents, or of two sources; the message says which there are."""


def find_documents(references: Sequence[str]) -> dict[str, Document]:
    """Documents by what people write: ``app.model:pk``, or a site's own external id.

    Returns only what was found, keyed by the reference as given.

    Raises:
        AmbiguousReference: an external id is that of several objects.
    """
    found: dict[str, list[Document]] = defaultdict(list)
    for source in registered().values():
        named = _named(source, references)
        for keys in chunked(list(named)):
            for document in Document.objects.for_objects(source.model, list(keys)):
                for reference in named[document.object_id]:
                    found[reference].append(document)
    return {reference: _the_one(reference, several) for reference, several in found.items()}


def _named(source: Source, references: Sequence[str]) -> dict[str, set[str]]:
    """The references that mean objects of one source, by key: an object may have two names."""
    label = source.model._meta.label_lower
    named: dict[str, set[str]] = defaultdict(set)
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
    return named


def _the_one(reference: str, documents: list[Document]) -> Document:
    """What is called so by its own id goes before what has no id but its key."""
    own = [document for document in documents if document.object_id != reference] or documents
    if len(own) > 1:
        labels = ", ".join(sorted(document.label for document in own))
        message = _("%(reference)r is the id of several: %(labels)s. Write one of these.")
        raise AmbiguousReference(message % {"reference": reference, "labels": labels})
    return own[0]


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
        message = _("%(reference)r is not of the form app.model:id.")
        raise LookupError(message % {"reference": reference})
    return source_for_label(label), key
