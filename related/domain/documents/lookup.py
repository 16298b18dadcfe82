"""Public objects by what outsiders know of them: an address, or ``app_label.model:id``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext as _

from related.addresses import Address, read_address
from related.domain.bulk_rows import chunked
from related.domain.documents.addresses import rule_of_keys, spelled_keys, url_key
from related.models import Document, DocumentAddress
from related.registry import Source, is_valid_key, registered, source_for_label

Key = tuple[Source, str]


class Place(NamedTuple):
    """A page that may have an address, as a document's row knows it."""

    key: Key
    is_one_of_several: bool  # whether other pages have its path, with other parameters
    had: set[int | None]  # keys of addresses that were asked for, and are or were its own


def find_places(addresses: Sequence[Address]) -> list[Place]:
    """The pages that have one of these addresses, or had it, whatever the host; one query."""
    spelled = {*addresses, *(address.loosest for address in addresses)}
    keys = [url_key(address) for address in spelled]
    paths = [address.path[:500] for address in addresses]
    others = Document.objects.filter(url_path=OuterRef("url_path")).exclude(
        url_key=OuterRef("url_key")
    )
    had = {key for address in spelled for key in spelled_keys(address)}
    known = FilteredRelation("addresses", condition=Q(addresses__key__in=had))
    rows = Document.objects.filter(
        Q(url_key__in=keys)
        | Q(url_key=None, url_path__in=paths)
        | Q(pk__in=DocumentAddress.objects.filter(key__in=had).values("document"))
    )
    found = rows.annotate(is_one_of_several=Exists(others), known=known, had=F("known__key"))
    rule = rule_of_keys()
    places: dict[int, Place] = {}
    row: Any  # with what it is annotated with
    for row in found.order_by("pk"):
        source = registered().get(row.kind.model_class())
        if source is not None:
            place = Place((source, row.object_id), row.is_one_of_several, set())
            place = places.setdefault(row.pk, place)
            if row.address_rule == rule:  # else the keys may name another page by now
                place.had.add(row.had)
    return list(places.values())


def page_at(asked: Address, places: Iterable[tuple[Place, str]]) -> Key | None:
    """The page that has this address, or else the one that had it; None where it is a guess.

    A path alone is known on every host. Parameters that no page of the path has are passed over,
    unless the site says which ones name a page.

    Args:
        places: with the present addresses of their objects. The stored keys only find the row: an
            address may have passed on to another article since.
    """
    loosest = asked.loosest
    live = [(place, read_address(url)) for place, url in places]
    same = [
        (place, address)
        for place, address in live
        if address
        and address.path == asked.path
        and (address.host == asked.host or not (address.host and asked.host))
        and (
            address.query == asked.query
            or (address.query == loosest.query and not place.is_one_of_several)
        )
    ]
    same = [(place, address) for place, address in same if address == asked] or same
    if len({address for _, address in same}) > 1:
        same = [(place, address) for place, address in same if address.query == asked.query]
    if same:
        # One address has passed from an article to another: the later one.
        return same[-1][0].key if len({address for _, address in same}) == 1 else None
    had = [
        place
        for place, _ in live
        if not place.had.isdisjoint(spelled_keys(asked))
        or not (place.is_one_of_several or place.had.isdisjoint(spelled_keys(loosest)))
    ]
    return had[0].key if len(had) == 1 else None


def find_object(source: Source, object_id: str, *, public: bool) -> Any | None:
    """One object by its primary key as text; None when missing, hidden or no possible key."""
    if not is_valid_key(source.model, object_id):
        return None
    allowed = source.public() if public else source.queryset()
    return allowed.filter(pk=object_id).first()


def find_draft(source: Source, object_id: str) -> Any | None:
    """What is being written, by its primary key as text; None as for ``find_object``."""
    if not is_valid_key(source.model, object_id):
        return None
    return source.drafts().filter(pk=object_id).first()


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
