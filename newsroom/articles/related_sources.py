"""The newsroom's articles, registered with the plugin as any site would do it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

import related
from newsroom.articles.editors import edits_every_section, sections_of
from newsroom.articles.models import Article, EarlierSlug, Status
from newsroom.articles.paths import article_path
from newsroom.articles.previews import preview_url


@related.register(Article)
class ArticleSource(related.Source):
    card_fields = (
        *("title", "slug", "excerpt", "image_url", "published_at", "language"),
        *("section__name", "section__slug"),
    )

    public_is_fixed = True

    def queryset(self) -> QuerySet[Article]:
        # Few articles had another slug: no query for the others.
        earlier = EarlierSlug.objects.filter(article=OuterRef("pk"))
        articles = Article.objects.outgoing().select_related("section")
        return articles.annotate(has_earlier_slugs=Exists(earlier))

    def public(self) -> QuerySet[Article]:
        return Article.objects.visible().select_related("section")

    def drafts(self) -> QuerySet[Article]:
        return Article.objects.filter(status=Status.DRAFT).select_related("section")

    def title(self, obj: Article) -> str:
        return obj.title

    def text(self, obj: Article) -> str:
        return obj.body

    def url(self, obj: Article) -> str:
        return obj.get_absolute_url()

    def earlier_urls(self, obj: Article) -> list[str]:
        slugs: Iterable[str] = ()
        if getattr(obj, "has_earlier_slugs", True):
            slugs = obj.earlier_slugs.order_by("-pk").values_list("slug", flat=True)
        return [obj.origin_url, *map(article_path, slugs)]

    def preview_url(self, obj: Article) -> str:
        return preview_url(obj)

    def language(self, obj: Article) -> str:
        return obj.language

    def section(self, obj: Article) -> str:
        return obj.section.slug if obj.section else ""

    def section_name(self, obj: Article) -> str:
        return obj.section.name if obj.section else ""

    def review_sections(self, user: Any) -> set[str] | None:
        if edits_every_section(user):
            return None
        return set(sections_of(user).values_list("slug", flat=True))

    def published_at(self, obj: Article) -> datetime | None:
        return obj.published_at

    def excerpt(self, obj: Article) -> str:
        return obj.excerpt

    def image_url(self, obj: Article) -> str:
        return obj.image_url

    def external_id(self, obj: Article) -> str:
        return obj.external_id or str(obj.pk)

    def with_external_ids(self, external_ids: Iterable[str]) -> QuerySet[Article]:
        wanted = list(external_ids)
        own = self.queryset().filter(external_id__in=wanted)
        by_key = super().with_external_ids(wanted).filter(external_id__isnull=True)
        return own | by_key
