"""Addresses of the public pages; include them at the root of the site."""

from __future__ import annotations

from django.contrib.sitemaps.views import index, sitemap
from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from newsroom.articles import feeds, views
from newsroom.articles.sitemaps import SITEMAPS
from newsroom.articles.slugs import is_slug

app_name = "newsroom"


class UnicodeSlug:
    """Letters and digits of any script, hyphens and underscores; so never a NUL."""

    regex = r"[^/]{1,200}"

    def to_python(self, value: str) -> str:
        if not is_slug(value):
            raise ValueError  # Django goes on to the next address
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(UnicodeSlug, "unicode_slug")

urlpatterns = [
    path("", views.front_page, name="front"),
    path("sections/<unicode_slug:slug>/", views.section_page, name="section"),
    path("articles/<unicode_slug:slug>/", views.article_page, name="article"),
    path("favicon.ico", views.favicon),
    path("feed/", feeds.LatestArticles(), name="feed"),
    path("feed/atom/", feeds.LatestArticlesAsAtom(), name="atom"),
    path("robots.txt", views.robots),
    path(
        "sitemap.xml",
        require_safe(index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "newsroom:sitemap"},
        name="sitemaps",
    ),
    path("sitemap-<section>.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
]
