"""A block of checked rows -> the database, with a handful of queries for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

import related
from newsroom.articles.importing.articles import ArticleRow
from newsroom.articles.importing.languages import guess_language
from newsroom.articles.importing.rows import Refusal
from newsroom.articles.importing.sections import SectionFinder, set_tags
from newsroom.articles.models import Article, Status
from newsroom.articles.slugs import unique_slugs

# What a row can change; the slug stays, because other sites link to it.
CHANGEABLE = ["title", "excerpt", "body", "section", "language", "authors", "source"]
CHANGEABLE += ["image_url", "origin_url", "status", "published_at"]


@dataclass(frozen=True)
class Saved:
    """How many articles a block created, updated and found unchanged, and the refused rows."""

    created: int
    updated: int
    unchanged: int
    refusals: list[Refusal]


@dataclass
class _Change:
    """What one row does to its article, not saved yet."""

    row: ArticleRow
    article: Article
    is_new: bool
    is_edit: bool


def save_block(rows: list[ArticleRow], sections: SectionFinder, now: datetime) -> Saved:
    """Create or update the articles of these rows (no two with one id) in one transaction.

    An article that its row does not change is not written. ``now`` dates published articles that
    have no date. New suggestions are asked for in the same transaction.
    """
    with transaction.atomic(), related.bulk_changes():
        ids = [row.external_id for row in rows]
        known = Article.objects.select_related("section").in_bulk(ids, field_name="external_id")
        prepared = [_prepare(row, known.get(row.external_id), sections, now) for row in rows]
        changes = [item for item in prepared if isinstance(item, _Change)]
        new = [change.article for change in changes if change.is_new]
        edited = [change.article for change in changes if change.is_edit]
        _create(new)
        _update(edited)
        related.mark_changed([*new, *edited])
        tags = {c.article: c.row.tags for c in changes if c.row.tags is not None}
        updated = ({*edited} | set_tags(tags)).difference(new)
    return Saved(
        created=len(new),
        updated=len(updated),
        unchanged=len(changes) - len(new) - len(updated),
        refusals=[item for item in prepared if isinstance(item, Refusal)],
    )


def _prepare(
    row: ArticleRow, known: Article | None, sections: SectionFinder, now: datetime
) -> _Change | Refusal:
    article = known or Article(external_id=row.external_id, status=Status.PUBLISHED, language="")
    before = {name: getattr(article, name) for name in CHANGEABLE}
    for name, value in row.fields.items():
        setattr(article, name, value)
    if row.section:
        article.section = sections.find(row.section)
    if article.status == Status.SCHEDULED and article.published_at is None:
        return Refusal(row.line, 'it is scheduled but has no "published_at"')
    if article.status == Status.PUBLISHED and article.published_at is None:
        article.published_at = now
    article.normalize()
    if not article.language:
        article.language = guess_language(article)
    differs = any(getattr(article, name) != value for name, value in before.items())
    return _Change(row, article, is_new=known is None, is_edit=known is not None and differs)


def _create(articles: list[Article]) -> None:
    slugs = unique_slugs(Article.objects, [article.slug_base() for article in articles])
    for article, slug in zip(articles, slugs, strict=True):
        article.slug = slug
    Article.objects.bulk_create(articles)


def _update(articles: list[Article]) -> None:
    for article in articles:
        article.updated_at = timezone.now()
    Article.objects.bulk_update(articles, [*CHANGEABLE, "updated_at"], batch_size=100)
