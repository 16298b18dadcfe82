"""Who may look, who may decide, who may try again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from related.domain.documents.loading import load_objects
from related.models import Document
from related.registry import Source, registered


def may_look(user: Any) -> bool:
    """Whether a user may see suggestions and decisions."""
    return bool(
        user.has_perm("related.view_suggestion") or user.has_perm("related.change_decision")
    )


def may_review(user: Any, document: Document, obj: Any) -> bool:
    """Whether a user may decide for a document: the permission, and the site's own rule."""
    return user.has_perm("related.change_decision") and document.source.may_review(user, obj)


def may_mark_at_all(user: Any) -> bool:
    """Whether a user may mark articles or sections as sensitive, in whichever sections."""
    return bool(user.has_perm("related.change_sensitivity"))


def may_mark(user: Any, document: Document, obj: Any) -> bool:
    """Whether a user may mark an article as sensitive; by its section, as decisions."""
    is_theirs: bool = document.source.may_review(user, obj)
    return may_mark_at_all(user) and is_theirs


def may_mark_section(user: Any, source: Source, section: str) -> bool:
    """Whether a user may mark a whole section."""
    if not may_mark_at_all(user):
        return False
    sections = source.review_sections(user)
    return sections is None or section in sections


def may_retry(user: Any, documents: Sequence[Document]) -> list[Document]:
    """Those of some documents that a user may send to the workers once more.

    An object that is gone is nobody's section: its document is for those who review them all.
    """
    if not user.has_perm("related.change_document"):
        return []
    objects = load_objects(documents, public=False)
    is_for_all = all(source.review_sections(user) is None for source in registered().values())

    def is_theirs(document: Document) -> bool:
        if document.pk not in objects:
            return is_for_all
        try:
            return document.source.may_review(user, objects[document.pk])
        except Exception:  # noqa: BLE001 - the site's own code, which may be what failed before
            return is_for_all

    return [document for document in documents if is_theirs(document)]
