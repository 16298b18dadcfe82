"""What a page is given: links, slots, the summary."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from related.domain.documents.cards import Card
from related.domain.pages.contents import Entry
from related.enums import LinkSource
from related.registry import Source


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
    source: Source,
    entry: Entry,
    card: Card,
    source_of_link: LinkSource,
    strength: float | None,
) -> Link:
    """The link to a target, as it is now."""
    return Link(
        type=source.model._meta.label_lower,
        id=entry.object_id,
        title=card.title,
        url=card.url,
        excerpt=card.excerpt,
        image_url=card.image_url,
        section=card.section,
        published_at=card.published_at,
        similarity=entry.similarity,
        score=entry.score,
        strength=strength,
        source=source_of_link.value,
        reasons=list(entry.reasons),
    )


def make_version(source: Source, entry: Entry, card: Card) -> Version:
    return Version(
        type=source.model._meta.label_lower,
        id=entry.object_id,
        title=card.title,
        url=card.url,
        published_at=card.published_at,
    )
