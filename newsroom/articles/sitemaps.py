"""The sitemap: every page that the public may read, for search engines."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.urls import reverse

from newsroom.articles.models import Article, Section


class FrontPage(Sitemap):
    def items(self) -> list[str]:
        return ["newsroom:front"]

    def location(self, item: str) -> str:
        return reverse(item)


class Sections(Sitemap):
    def items(self) -> QuerySet[Section]:
        visible = Article.objects.visible().filter(section=OuterRef("pk"))
        return Section.objects.filter(Exists(visible))


class Articles(Sitemap):
    limit = 10_000  # fewer than the 50,000 allowed: one is made while a crawler waits

    def items(self) -> QuerySet[Article]:
        return Article.objects.visible().only("slug", "updated_at")

    def lastmod(self, item: Article) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        """Asked of the database: the index would otherwise read every article."""
        latest: datetime | None = Article.objects.visible().aggregate(at=Max("updated_at"))["at"]
        return latest


SITEMAPS = {"front": FrontPage, "sections": Sections, "articles": Articles}
