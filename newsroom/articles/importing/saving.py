"""A block of checked rows -> the database, with a handful of queries for all of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import related
from newsroom.articles.importing.articles import ArticleRow
from newsroom.articles.importing.languages import settle_language
from newsroom.articles.importing.rows import Refusal
from newsroom.articles.importing.sections import SectionFinder, set_tags
from newsroom.articles.models import Article, Status
from newsroom.articles.slugs import unique_slugs

# What a row can change; the slug stays, because other sites link to it.
CHANGEABLE = ["title", "excerpt", "body", "section_id", "language", "authors", "source"]
CHANGEABLE += ["image_url", "origin_url", "status", "published_at", "language_basis"]


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
    changed: tuple[str, ...]  # fields of a known article that get another value


def save_block(rows: list[ArticleRow], sections: SectionFinder, now: datetime) -> Saved:
    """Create or update the articles of these rows (no two with one id) in one transaction.

    Known articles are locked before they are looked at, and only what their rows change is
    written, so an editor who works on them meanwhile loses nothing. ``now`` dates published
    articles that have no date. New suggestions are asked for in the same transaction.
    """
    with transaction.atomic(), related.bulk_changes():
        known = _lock([row.external_id for row in rows])
        prepared = [_prepare(row, known.get(row.external_id), sections, now) for row in rows]
        changes = [item for item in prepared if isinstance(item, _Change)]
        new = [change.article for change in changes if change.is_new]
        edited = [change.article for change in changes if change.changed]
        _create(new)
        _update(changes)
        related.mark_changed([*new, *edited])
        tags = {c.article: c.row.tags for c in changes if c.row.tags is not None}
        updated = ({*edited} | set_tags(tags)).difference(new)
    return Saved(
        created=len(new),
        updated=len(updated),
        unchanged=len(changes) - len(new) - len(updated),
        refusals=[item for item in prepared if isinstance(item, Refusal)],
    )


def _lock(external_ids: list[str]) -> dict[str, Article]:
    """The articles of these external ids, locked by primary key, so that two imports of the same
    articles never deadlock."""
    rows = Article.objects.select_for_update().filter(external_id__in=external_ids)
    return {str(article.external_id): article for article in rows.order_by("pk")}


def _prepare(
    row: ArticleRow, known: Article | None, sections: SectionFinder, now: datetime
) -> _Change | Refusal:
    article = known or Article(external_id=row.external_id, status=Status.PUBLISHED, language="")
    before = {name: getattr(article, name) for name in CHANGEABLE}
    for name, value in row.fields.items():
        if name != "language":  # see settle_language
            setattr(article, name, value)
    if row.section:
        article.section = sections.find(row.section)
    if article.status == Status.SCHEDULED and article.published_at is None:
        return Refusal(row.line, _('it is scheduled but has no "published_at"'))
    if article.status == Status.PUBLISHED and article.published_at is None:
        article.published_at = now
    article.normalize()
    is_new_text = (article.title, article.body) != (before["title"], before["body"])
    settle_language(article, row.fields.get("language"), is_new_text=is_new_text)
    if known is None:
        return _Change(row, article, is_new=True, changed=())
    changed = tuple(name for name, value in before.items() if getattr(article, name) != value)
    return _Change(row, article, is_new=False, changed=changed)


def _create(articles: list[Article]) -> None:
    slugs = unique_slugs(Article.objects, [article.slug_base() for article in articles])
    for article, slug in zip(articles, slugs, strict=True):
        article.slug = slug
    Article.objects.bulk_create(articles)


def _update(changes: list[_Change]) -> None:
    by_fields: dict[tuple[str, ...], list[Article]] = defaultdict(list)
    for change in changes:
        if change.changed:
            change.article.updated_at = timezone.now()
            by_fields[change.changed].append(change.article)
    for fields, articles in by_fields.items():
        Article.objects.bulk_update(articles, [*fields, "updated_at"], batch_size=100)
