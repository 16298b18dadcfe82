"""What a page is given: links, slots, the summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from related.addresses import web_address
from related.domain.documents.texts import excerpt_of, section_name_of, title_of
from related.enums import LinkSource
from related.models import Document


@dataclass(frozen=True, slots=True)
class Link:
    """One link as the site shows it; titles and addresses are the live ones.

    ``similarity``, ``score`` and ``strength`` (the chance of approval) are 0 to 1, and None where a
    slot goes by date; ``source`` is a value of LinkSource;
    ``url`` and ``image_url`` are a path or an http(s) address, "" if the site gave anything else.
    """

    type: str
    id: str
    title: str
    url: str
    excerpt: str
    image_url: str
    section: str
    published_at: datetime | None
    similarity: float | None
    score: float | None
    strength: float | None
    source: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Version:
    """The newest version of an article's own text; title and address are the live ones."""

    type: str
    id: str
    title: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class FilledSlot:
    key: str
    heading: str
    items: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """What one document's page shows."""

    type: str
    id: str
    title: str
    url: str
    slots: dict[str, FilledSlot]
    summary: str | None = None
    language: str = ""  # of the headings: one of LANGUAGES
    newer_version: Version | None = None


def make_link(
    target: Document,
    obj: Any,
    source_of_link: LinkSource,
    *,
    similarity: float | None,
    score: float | None,
    strength: float | None,
    reasons: list[str],
) -> Link:
    """The link to a target, read from its live object."""
    source = target.source
    return Link(
        type=target.type_label,
        id=target.object_id,
        title=title_of(source, obj),
        url=web_address(source.url(obj)),
        excerpt=excerpt_of(source, obj),
        image_url=web_address(source.image_url(obj)),
        section=section_name_of(source, obj),
        published_at=source.published_at(obj),
        similarity=similarity,
        score=score,
        strength=strength,
        source=source_of_link.value,
        reasons=list(reasons),
    )


def make_version(version: Document, obj: Any) -> Version:
    source = version.source
    return Version(
        type=version.type_label,
        id=version.object_id,
        title=source.title(obj),
        url=web_address(source.url(obj)),
        published_at=source.published_at(obj),
    )
