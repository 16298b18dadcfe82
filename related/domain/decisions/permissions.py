"""Who may look, who may read what is not out, who may decide, who may try again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from related.domain.documents.loading import load_reviewable
from related.models import Document
from related.registry import Source, registered, source_for


def may_look(user: Any) -> bool:
    """Whether a user may see suggestions and decisions."""
    return bool(
        user.has_perm("related.view_suggestion") or user.has_perm("related.change_decision")
    )


def may_review(user: Any, document: Document, obj: Any) -> bool:
    """Whether a user may decide for a document: the permission, and the site's own rule."""
    return user.has_perm("related.change_decision") and document.source.may_review(user, obj)


def views_hidden(user: Any, model: type[Model]) -> bool:
    """Whether a user may view every object of a model, by Django's own permissions for it."""
    return any(user.has_perm(name) for name in _viewing(model))


def may_read_hidden(user: Any, obj: Any) -> bool:
    """Whether a user may read an object that the public does not see: who may view its model, or
    this very object (where the site's backend knows of such), and who decides for it."""
    decides = user.has_perm("related.change_decision")
    return (
        views_hidden(user, type(obj))
        or any(user.has_perm(name, obj) for name in _viewing(type(obj)))
        or (decides and source_for(type(obj)).may_review(user, obj))
    )


def may_read(user: Any, obj: Any) -> bool:
    """Whether a user may read an object: everybody may what is public."""
    return may_read_hidden(user, obj) or source_for(type(obj)).public().filter(pk=obj.pk).exists()


def _viewing(model: type[Model]) -> list[str]:
    options = model._meta
    return [f"{options.app_label}.{do}_{options.model_name}" for do in ("view", "change")]


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
    """Those of some documents that a user may send to the workers once more."""
    return theirs(user, documents) if user.has_perm("related.change_document") else []


def theirs(user: Any, documents: Sequence[Document]) -> list[Document]:
    """Those of some documents that are in a user's sections, by the site's own rule.

    An object that is gone is nobody's section: its document is for those who review them all.
    """
    objects = load_reviewable(documents)
    is_for_all = all(source.review_sections(user) is None for source in registered().values())

    def is_theirs(document: Document) -> bool:
        if document.pk not in objects:
            return is_for_all
        try:
            return document.source.may_review(user, objects[document.pk])
        except Exception:  # noqa: BLE001 - the site's own code, which may be what failed before
            return is_for_all

    return [document for document in documents if is_theirs(document)]
