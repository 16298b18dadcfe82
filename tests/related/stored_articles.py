"""Articles, and the rows that workers and editors leave for them, made directly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from newsroom.articles.models import Article, Section, Status
from related.domain.documents.addresses import numbers
from related.domain.documents.marking import document_of
from related.domain.documents.reading import read_content
from related.enums import Verdict
from related.models import Corpus, Decision, Document, DocumentAddress, Neighbors, Slot, Suggestion


def make_article(
    title: str = "Bridge closes",
    *,
    section: str = "City",
    days_old: float = 1,
    at: datetime | None = None,
    **fields: Any,
) -> Article:
    """A saved, published article whose document has its facts, as a worker would store them."""
    article = publish(title, section=section, days_old=days_old, at=at, **fields)
    store(article)
    return article


def publish(
    title: str,
    *,
    section: str = "City",
    days_old: float = 1,
    at: datetime | None = None,
    **fields: Any,
) -> Article:
    """A saved, published article that waits for a worker."""
    return Article.objects.create(
        **{
            "title": title,
            "body": f"<p>{title}, said the mayor.</p>",
            "excerpt": f"In short: {title}.",
            "status": Status.PUBLISHED,
            "section": Section.objects.get_or_create(name=section)[0] if section else None,
            "published_at": at or timezone.now() - timedelta(days=days_old),
        }
        | fields
    )


def store(article: Article) -> Document:
    """Copy the article's facts to its document and clear the mark; no vector, no neighbors."""
    document = row_of(article)
    for name, value in asdict(read_content(document.source, article).fields).items():
        setattr(document, name, value)
    document.is_indexed = True
    document.done_rev = document.want_rev
    document.save()
    for key in numbers(document.address_keys):
        DocumentAddress.objects.get_or_create(document=document, key=key)
    return document


def row_of(article: Article) -> Document:
    document = document_of(article)
    assert document is not None
    return document


def suggest(
    article: Article, slot: str, *targets: Article, generation: int = 0, score: float = 0.5
) -> None:
    corpus, _ = Corpus.objects.get_or_create(language=article.language)
    for rank, target in enumerate(targets):
        Suggestion.objects.create(
            document=row_of(article),
            slot=Slot.objects.get(key=slot),
            target=row_of(target),
            corpus=corpus,
            generation=generation,
            similarity=score,
            score=score,
            rank=rank,
            reasons=["bridge"],
        )


def decide(
    article: Article, slot: str, target: Article, verdict: Verdict, **fields: Any
) -> Decision:
    return Decision.objects.create(
        document=row_of(article),
        slot=Slot.objects.get(key=slot),
        target=row_of(target),
        verdict=verdict,
        similarity=0.5,
        **fields,
    )


def approve(article: Article, slot: str, target: Article, **fields: Any) -> Decision:
    return decide(article, slot, target, Verdict.APPROVED, **fields)


def store_neighbors(
    article: Article, neighbors: Sequence[tuple[Article | int, float]], generation: int = 0
) -> None:
    """A neighbor is an article, or the id of a document that is gone."""
    ids = [n if isinstance(n, int) else row_of(n).pk for n, _ in neighbors]
    corpus, _ = Corpus.objects.get_or_create(language=article.language)
    Neighbors.objects.create(
        document=row_of(article),
        corpus=corpus,
        generation=generation,
        version=1,
        neighbor_ids=np.array(ids, "<i8").tobytes(),
        similarities=np.array([s for _, s in neighbors], "<f4").tobytes(),
        is_complete=True,
    )
