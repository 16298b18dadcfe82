"""What one message says: the documents that changed, as the public may see them now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from related.addresses import web_address
from related.api.answers import tag_of
from related.contrib.notices.models import HiddenDocument, Notice
from related.domain.documents.loading import load_objects
from related.models import Decision, Document, Neighbors, Slot, Suggestion

MOST_AROUND = 2000  # documents; beyond that, everything is told


@dataclass(frozen=True, slots=True)
class Changed:
    """One document. Of what is hidden, no address is told."""

    pk: int
    type: str
    id: str
    url: str
    is_public: bool
    what: tuple[str, ...]  # "document", "links" or both

    @property
    def key(self) -> str:
        return tag_of(self.type, self.id)

    def as_json(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "id": self.id,
            "url": self.url,
            "public": self.is_public,
            "changed": list(self.what),
        }


@dataclass(frozen=True, slots=True)
class Changes:
    event: UUID
    read_at: datetime
    everything: bool
    documents: Sequence[Changed]

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return self.everything or bool(self.documents)

    @property
    def keys(self) -> list[str]:
        return [document.key for document in self.documents]


def read_changes(receiver: str, event: UUID, notices: Iterable[Notice]) -> Changes:
    """What these notices have a receiver told.

    Beside the documents themselves these are pages that show one of them from now on, or no longer:
    those that link to it, and those of which it is a version.
    """
    read_at = timezone.now()
    what: dict[int, list[str]] = {}
    everything = False
    for notice in notices:
        if notice.document_id is None:
            everything = True
        else:
            what.setdefault(notice.document_id, []).append(notice.what)
    rows = HiddenDocument.objects.filter(receiver=receiver, document__in=what.keys())
    hidden = set(rows.values_list("document", flat=True))
    # A draft that is saved once more is nothing to anybody. Two changes may have been there and
    # back.
    own = [
        each
        for each in _read(what)
        if each.is_public or each.pk not in hidden or len(what[each.pk]) > 1
    ]
    # Those that came out or went away since the receiver was told of them.
    flipped = [each.pk for each in own if each.is_public == (each.pk in hidden)]
    visible = [document.pk for document in own if document.is_public]
    around = (_linking(flipped) | _versions(visible)) - what.keys()
    if len(around) > MOST_AROUND:
        return Changes(event, read_at, everything=True, documents=own)
    pages = _read({pk: [Notice.What.LINKS.value] for pk in around})
    return Changes(event, read_at, everything, [*own, *pages])


def remember_hidden(receiver: str, changes: Changes) -> None:
    """Note which documents the receiver was told of as hidden; runs with the end of the notices."""
    rows = HiddenDocument.objects.filter(receiver=receiver)
    rows.filter(document__in=[each.pk for each in changes.documents if each.is_public]).delete()
    HiddenDocument.objects.bulk_create(
        [
            HiddenDocument(receiver=receiver, document_id=each.pk, told_at=changes.read_at)
            for each in changes.documents
            if not each.is_public
        ],
        update_conflicts=True,
        unique_fields=["receiver", "document"],
        update_fields=["told_at"],
    )


def _read(what: Mapping[int, Collection[str]]) -> list[Changed]:
    documents = list(Document.objects.filter(pk__in=what.keys()).order_by("pk"))
    objects = load_objects(documents, public=True)
    return [
        Changed(
            document.pk,
            document.type_label,
            document.object_id,
            _url_of(document, objects.get(document.pk)),
            document.pk in objects,
            tuple(sorted(set(what[document.pk]))),
        )
        for document in documents
    ]


def _url_of(document: Document, obj: Any) -> str:
    try:
        return "" if obj is None else web_address(document.source.url(obj))
    except Exception:  # noqa: BLE001 - the site's own code ran here; the others are told all the same
        return ""


def _linking(targets: Collection[int]) -> set[int]:
    """Pages on which one of these may stand."""
    if not targets:
        return set()
    approved = Decision.objects.approved().filter(target__in=targets)
    automatic = Slot.objects.active().by_similarity().filter(requires_approval=False)
    offered = Suggestion.objects.served().filter(target__in=targets, slot__in=automatic)
    return {
        *approved.values_list("document", flat=True)[: MOST_AROUND + 1],
        *offered.values_list("document", flat=True)[: MOST_AROUND + 1],
    }


def _versions(documents: Collection[int]) -> set[int]:
    """The other documents that tell one of their texts: the newest is named on all others."""
    served = Neighbors.objects.served()
    own = served.filter(document__in=documents, story__isnull=False)
    told = set(own.values_list("corpus", "story"))
    rows = served.filter(
        corpus__in={corpus for corpus, _ in told}, story__in={story for _, story in told}
    )
    return {
        document
        for document, corpus, story in rows.values_list("document", "corpus", "story")
        if (corpus, story) in told
    }
