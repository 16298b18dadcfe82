"""Targets as editors see them: also those that the public may not see, and why it may not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from related.addresses import web_address
from related.domain.decisions.permissions import may_read_hidden
from related.domain.documents.loading import load_objects, load_stored
from related.domain.documents.standing import DELETED, DRAFT, PUBLIC, WITHDRAWN, Standing, coming
from related.domain.documents.texts import excerpt_of, section_name_of, title_of
from related.models import Document
from related.similarity.text.plain_text import plain_text
from related.similarity.text.sentences import split_sentences

# Of a text, to find the sentence that stands on its card.
READ_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Target:
    """An article as the desk lists it; title and date are the live ones."""

    document_id: int
    label: str  # app_label.model:id, by which forms name it
    title: str
    url: str = ""  # "" where there is nothing to open
    section: str = ""
    language: str = ""
    published_at: datetime | None = None
    excerpt: str = ""
    standing: Standing = PUBLIC
    is_readable: bool = True  # by the user who looks; of what is not, the title alone is known

    @property
    def state(self) -> str:
        """Why the public does not see it, for people; "" where it does."""
        return str(self.standing)

    @property
    def is_public(self) -> bool:
        return self.standing.is_public

    @property
    def is_gone(self) -> bool:
        """Readers will not see it without somebody's doing: withdrawn or deleted."""
        return self.standing.is_gone


def load_targets(documents: Iterable[Document], user: Any | None) -> dict[int, Target]:
    """Every document as a target, by document id; at most three queries per model.

    Args:
        user: who looks; None for code, which may read everything.
    """
    wanted = {document.pk: document for document in documents}
    public = load_objects(wanted.values(), public=True)
    unseen = {pk: document for pk, document in wanted.items() if pk not in public}
    known = load_objects(unseen.values(), public=False)
    hidden = load_stored(document for pk, document in unseen.items() if pk not in known)
    targets = {}
    for pk, document in wanted.items():
        if pk in public:
            targets[pk] = _read(document, public[pk], PUBLIC)
        elif pk in known:
            standing = coming(document.source, known[pk])
            if user is None or may_read_hidden(user, known[pk]):
                targets[pk] = _read(document, known[pk], standing)
            else:
                title = title_of(document.source, known[pk])
                targets[pk] = Target(
                    pk, document.label, title, standing=standing, is_readable=False
                )
        elif pk in hidden:
            # Its title alone: what else there is may take a query each to read.
            title = title_of(document.source, hidden[pk])
            targets[pk] = Target(pk, document.label, title, standing=WITHDRAWN)
        else:
            targets[pk] = Target(pk, document.label, document.label, standing=DELETED)
    return targets


def draft_target(document: Document, obj: Any) -> Target:
    """What is being written, as it stands at the head of its own desk."""
    return _read(document, obj, DRAFT)


def _read(document: Document, obj: Any, standing: Standing) -> Target:
    source = document.source
    url = source.url(obj) if standing.is_public else source.preview_url(obj)
    return Target(
        document_id=document.pk,
        label=document.label,
        title=title_of(source, obj),
        url=web_address(url),
        section=section_name_of(source, obj),
        language=document.language,
        published_at=source.published_at(obj),
        excerpt=excerpt_of(source, obj) or _first_sentence(source.text(obj) or ""),
        standing=standing,
    )


def _first_sentence(body: str) -> str:
    return next(split_sentences(plain_text(body[: READ_BYTES * 4], READ_BYTES)), "")
