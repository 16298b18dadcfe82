"""Targets as editors see them: also those that the public may not see, and why it may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from related.addresses import web_address
from related.domain.documents.loading import load_objects, load_stored
from related.domain.documents.texts import excerpt_of, section_name_of, title_of
from related.domain.pages.links import Link
from related.models import Document


@dataclass(frozen=True, slots=True)
class Target:
    """An article as the desk lists it; title and date are the live ones."""

    label: str  # app_label.model:id, by which forms name it
    title: str
    url: str = ""  # "" where there is nothing to open
    section: str = ""
    published_at: datetime | None = None
    excerpt: str = ""
    state: str = ""  # why the public does not see it, for people; "" where it does

    @property
    def is_public(self) -> bool:
        return not self.state


def load_targets(documents: Iterable[Document]) -> dict[int, Target]:
    """Every document as a target, by document id; at most three queries per model."""
    wanted = {document.pk: document for document in documents}
    public = load_objects(wanted.values(), public=True)
    known = load_objects(wanted.values(), public=False)
    hidden = load_stored(d for pk, d in wanted.items() if pk not in known and pk not in public)
    targets = {}
    for pk, document in wanted.items():
        if pk in public:
            targets[pk] = _read(document, public[pk], "")
        elif pk in known:
            targets[pk] = _read(document, known[pk], _("not out yet"))
        elif pk in hidden:
            # Its title alone: what else there is may take a query each to read.
            title = title_of(document.source, hidden[pk])
            targets[pk] = Target(document.label, title, state=_("withdrawn"))
        else:
            targets[pk] = Target(document.label, document.label, state=_("deleted"))
    return targets


def target_of_link(link: Link) -> Target:
    """The target of a link that stands on the page."""
    return Target(
        label=f"{link.type}:{link.id}",
        title=link.title,
        url=link.url,
        section=link.section,
        published_at=link.published_at,
        excerpt=link.excerpt,
    )


def _read(document: Document, obj: Any, state: str) -> Target:
    source = document.source
    url = source.preview_url(obj) if state else source.url(obj)
    return Target(
        label=document.label,
        title=title_of(source, obj),
        url=web_address(url),
        section=section_name_of(source, obj),
        published_at=source.published_at(obj),
        excerpt=excerpt_of(source, obj),
        state=state,
    )
