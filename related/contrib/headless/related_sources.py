"""Pushed pages, registered with the plugin as any model of a site."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

import related
from related.contrib.headless.models import Page


@related.register(Page)
class PageSource(related.Source):
    accepts_pushes = True

    def queryset(self) -> QuerySet[Page]:
        return Page.objects.outgoing()

    def public(self) -> QuerySet[Page]:
        return Page.objects.visible()

    def drafts(self) -> QuerySet[Page]:
        return Page.objects.filter(status=Page.Status.DRAFT)

    def title(self, obj: Any) -> str:
        return str(obj.title)

    def text(self, obj: Any) -> str:
        return str(obj.text)

    def url(self, obj: Any) -> str:
        return str(obj.url)

    def language(self, obj: Any) -> str:
        return str(obj.language)

    def section(self, obj: Any) -> str:
        return str(obj.section)

    def published_at(self, obj: Any) -> datetime | None:
        at: datetime | None = obj.published_at
        return at

    def excerpt(self, obj: Any) -> str:
        return str(obj.excerpt)

    def image_url(self, obj: Any) -> str:
        return str(obj.image_url)
