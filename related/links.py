"""What a site asks about links before articles leave or come out, and how it brings over those that
people chose elsewhere; importable once Django has loaded the models."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from related.domain.decisions.carrying_over import approve_undecided
from related.domain.takedown.filling import Filled, best_fillings, fill
from related.domain.takedown.holes import LinkingPage, LinkingPages, find_linking_pages
from related.domain.takedown.waiting import UnseenLink, find_unseen_links
from related.models import Document, Slot
from related.registry import Source, source_for

__all__ = ["approve_links", "fill_places", "pages_linking_to", "unseen_links"]


def approve_links(obj: Model, slot: str, targets: Iterable[Model], user: Any) -> int:
    """Approve these targets in a slot of an object, in this order, as far as both are indexed and
    nobody decided on them and no sensitive article keeps them away; returns how many. One step of
    the user, which one undo takes back.

    Raises:
        LookupError: a model is not registered, or no slot has this key.
    """
    try:
        place = Slot.objects.get(key=slot)
    except Slot.DoesNotExist as error:
        raise LookupError(slot) from error
    targets = list(targets)
    by_key = {(each.source, each.object_id): each for each in documents_of([obj, *targets])}
    document = by_key.get(_key_of(obj))
    if document is None:
        return 0
    wanted = dict.fromkeys(key for key in map(_key_of, targets) if key in by_key)
    return approve_undecided(document, place, [by_key[key] for key in wanted], user=user)


def pages_linking_to(objects: Iterable[Model], user: Any | None = None) -> LinkingPages:
    """The pages with approved links to these objects, and for each place the best reserve.

    Call it before the objects leave the site. The best reserve is the slot's strongest candidate
    that stands nowhere else on the page and is not one of the objects itself.

    Args:
        user: whose places ``fill_places`` may fill; None for code that stands above the editors.

    Raises:
        LookupError: an object's model is not registered.
    """
    return find_linking_pages(documents_of(objects), user)


def fill_places(pages: Iterable[LinkingPage], user: Any) -> Filled:
    """Approve the best reserves in the places of the old links; one step of the user, which one
    undo takes back."""
    return fill(best_fillings(pages), user=user)


def unseen_links(objects: Iterable[Model]) -> list[UnseenLink]:
    """The approved links of these objects that do not show when their page comes out: what is out
    later, withdrawn or deleted.

    Raises:
        LookupError: an object's model is not registered.
    """
    objects = list(objects)
    dates = {_key_of(obj): source_for(type(obj)).published_at(obj) for obj in objects}
    documents = documents_of(objects)
    return find_unseen_links(
        {document: dates[document.source, document.object_id] for document in documents}
    )


def documents_of(objects: Iterable[Model]) -> list[Document]:
    """The plugin's rows of these objects, as far as there are any.

    Raises:
        LookupError: an object's model is not registered.
    """
    keys: dict[Source, list[str]] = defaultdict(list)
    for obj in objects:
        source, key = _key_of(obj)
        keys[source].append(key)
    return [
        document
        for source, some in keys.items()
        for document in Document.objects.for_objects(source.model, some)
    ]


def _key_of(obj: Model) -> tuple[Source, str]:
    return source_for(type(obj)), str(obj.pk)
