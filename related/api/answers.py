"""Answers as bytes: what pages hold, written as JSON; serializers.py describes the same shape.

Equal pages have equal bytes, so those of the last pages are kept by a digest of all that they are
made of. What may be seen is asked of the site for every answer, kept or not.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import quote

import orjson
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.http import quote_etag

from related.domain.pages.links import Link, Page, Version

MAX_KEPT_BYTES = 8_000_000  # in each process
EVERYTHING = "related"  # the tag of every answer: after a slot changed, all are to go
MAX_TAGS = 150  # of a cache's keys, so that headers stay below what proxies take


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    etag: str
    languages: str
    tags: tuple[str, ...]  # EVERYTHING, and app_label.model:id of all documents in it


class KeptAnswers:
    """The answers that were given last, up to a number of bytes."""

    def __init__(self, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self.max_bytes = max_bytes
        self._n_bytes = 0
        self._answers: OrderedDict[object, Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, digest: object) -> Answer | None:
        with self._lock:
            answer = self._answers.get(digest)
            if answer is not None:
                self._answers.move_to_end(digest)
            return answer

    def keep(self, digest: object, answer: Answer) -> None:
        with self._lock:
            if digest in self._answers or len(answer.body) > self.max_bytes // 10:
                return
            self._answers[digest] = answer
            self._n_bytes += len(answer.body)
            while self._n_bytes > self.max_bytes:
                self._n_bytes -= len(self._answers.popitem(last=False)[1].body)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self._n_bytes = 0


kept_answers = KeptAnswers()


def kept_key(digest: bytes | None, *more: object) -> object | None:
    """Under which an answer is kept; None where it must not be."""
    return None if digest is None else (digest, get_script_prefix(), *more)


def answer_of(content: dict[str, Any], pages: Sequence[Page]) -> Answer:
    body = as_bytes(content)
    languages = ", ".join(sorted({page.language for page in pages}))
    etag = quote_etag(sha256(body).hexdigest()[:40])
    return Answer(body, etag, languages, (EVERYTHING, *_tags(pages)))


def as_bytes(content: object) -> bytes:
    try:
        return orjson.dumps(content, default=str)
    except TypeError:  # half a surrogate pair in a site's own text
        return json.dumps(content, default=str, separators=(",", ":")).encode()


def page_as_json(page: Page) -> dict[str, Any]:
    zone = timezone.get_current_timezone()
    return {
        "document": {"type": page.type, "id": page.id, "title": page.title, "url": page.url},
        "slots": {
            key: {
                "heading": slot.heading,
                "items": [_link_as_json(link, zone) for link in slot.items],
            }
            for key, slot in page.slots.items()
        },
        "summary": page.summary,
        "newer_version": _version_as_json(page.newer_version, zone),
    }


def _version_as_json(version: Version | None, zone: tzinfo) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        "type": version.type,
        "id": version.id,
        "title": version.title,
        "url": version.url,
        "published_at": _moment(version.published_at, zone),
    }


def _link_as_json(link: Link, zone: tzinfo) -> dict[str, Any]:
    return {
        "type": link.type,
        "id": link.id,
        "title": link.title,
        "url": link.url,
        "excerpt": link.excerpt,
        "image_url": link.image_url,
        "section": link.section,
        "published_at": _moment(link.published_at, zone),
        "similarity": link.similarity,
        "strength": link.strength,
        "source": link.source,
        "reasons": link.reasons,
    }


def _moment(value: datetime | None, zone: tzinfo) -> str | None:
    if value is None:
        return None
    aware = timezone.make_aware(value) if value.tzinfo is None else value.astimezone(zone)
    return aware.isoformat().replace("+00:00", "Z")


def _tags(pages: Iterable[Page]) -> Iterable[str]:
    own = dict.fromkeys(tag_of(page.type, page.id) for page in pages)
    linked = dict.fromkeys(
        tag_of(link.type, link.id)
        for page in pages
        for slot in page.slots.values()
        for link in slot.items
    )
    newer = [page.newer_version for page in pages if page.newer_version]
    linked |= dict.fromkeys(tag_of(version.type, version.id) for version in newer)
    everything = [*(own | linked)]
    return everything if len(everything) <= MAX_TAGS else own


def tag_of(type_: str, id_: str) -> str:
    """What a cache knows the answers by that show a document."""
    return f"{type_}:{id_ if id_.isalnum() and id_.isascii() else quote(id_, safe=':._~-')}"
