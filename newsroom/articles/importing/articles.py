"""Rows of an archive -> articles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from newsroom.articles.importing.languages import settle_language
from newsroom.articles.importing.sections import SectionFinder, set_tags
from newsroom.articles.models import Article, Status
from newsroom.articles.slugs import unique_slugs
from related.contrib.importing.archives import Notice, Refusal
from related.contrib.importing.saving import ModelImport, RowRefusedError


class ArticleImport(ModelImport):
    """The slug of a known article stays, because other sites link to it."""

    model = Article
    fields = {
        "title": "title",
        "excerpt": "excerpt",
        "body": "body",
        "section": "section",
        "language": "language",
        "authors": "authors",
        "source": "source",
        "image_url": "image_url",
        "url": "origin_url",
        "status": "status",
        "published_at": "published_at",
    }

    other_fields = ["language_basis"]

    def __init__(
        self, report: Callable[[Refusal | Notice], None], *, dry_run: bool = False
    ) -> None:
        super().__init__(report, dry_run=dry_run)
        self._sections = SectionFinder()

    def new(self, external_id: str) -> Article:
        article: Article = super().new(external_id)
        article.language = ""
        return article

    def set_value(self, obj: Article, key: str, value: Any) -> None:
        if key == "section":
            if value:
                obj.section = self._sections.find(value)
        elif key != "language":  # see settle_language
            super().set_value(obj, key, value)

    def complete(self, obj: Article, values: Mapping[str, Any]) -> None:
        if obj.status == Status.SCHEDULED and obj.published_at is None:
            raise RowRefusedError(_('it is scheduled but has no "published_at"'))
        obj.normalize()
        is_new_text = "title" in values or "body" in values
        settle_language(obj, values.get("language"), is_new_text=is_new_text)

    def save_new(self, objects: list[Article]) -> None:
        slugs = unique_slugs(Article.objects, [article.slug_base() for article in objects])
        for article, slug in zip(objects, slugs, strict=True):
            article.slug = slug
        super().save_new(objects)

    def save_relations(self, values: list[tuple[Article, dict[str, Any]]]) -> set[Article]:
        return set_tags({article: named["tags"] for article, named in values if "tags" in named})
