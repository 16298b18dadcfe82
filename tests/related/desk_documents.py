"""Rows for tests of the desk: articles of the newsroom, and suggestions as workers store them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from newsroom.articles.models import Article, Section, Status
from related.domain.attention.states import refresh_states
from related.domain.documents.marking import document_of
from related.models import Corpus, Document, Slot, Suggestion


def make_article(title: str, *, days_ago: float = 1, **fields: Any) -> Article:
    """A published article of the harbor section; a negative ``days_ago`` schedules it."""
    section, _ = Section.objects.get_or_create(name="Harbor", slug="harbor")
    status = Status.PUBLISHED if days_ago >= 0 else Status.SCHEDULED
    values = {
        "body": f"{title}. The ferry left at noon. Nobody was hurt.",
        "section": section,
        "status": status,
        "published_at": timezone.now() - timedelta(days=days_ago),
    }
    return Article.objects.create(title=title, **(values | fields))


def make_document(article: Article, **fields: Any) -> Document:
    """The article's row, as it stands once workers have stored its result."""
    document = document_of(article)
    assert document is not None
    values = {
        "language": article.language,
        "section": article.section.slug if article.section else "",
        "published_at": article.published_at,
        "is_indexed": True,
        "done_rev": document.want_rev,
    }
    for name, value in (values | fields).items():
        setattr(document, name, value)
    document.save()
    refresh_states([document.pk])
    return document


def make_target(title: str, *, days_ago: float = 10, **fields: Any) -> Document:
    return make_document(make_article(title, days_ago=days_ago, **fields))


def make_slot(key: str = "related", **fields: Any) -> Slot:
    """One of the seeded slots, changed as asked."""
    slot, _ = Slot.objects.update_or_create(key=key, defaults=fields)
    return slot


def only_slots(*keys: str) -> None:
    """Take all other slots out of use."""
    Slot.objects.exclude(key__in=keys).update(is_active=False)


def suggest(
    document: Document,
    target: Document,
    slot: Slot | None = None,
    *,
    similarity: float = 0.5,
    generation: int = 0,
) -> Suggestion:
    """A suggestion, of the served generation unless told otherwise; ranked as it comes."""
    slot = slot or make_slot()
    assert slot.goes_by_similarity
    corpus, _ = Corpus.objects.get_or_create(language=document.language)
    ranks = Suggestion.objects.filter(document=document, slot=slot).values_list("rank", flat=True)
    suggestion = Suggestion.objects.create(
        document=document,
        slot=slot,
        target=target,
        corpus=corpus,
        generation=generation,
        similarity=similarity,
        score=similarity * 0.9,
        rank=max(ranks, default=0) + 1,
        reasons=["ferry", "harbor"],
    )
    refresh_states([document.pk])
    return suggestion
