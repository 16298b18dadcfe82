"""``PageSource``: how the plugin reads pages of any type; a site subclasses it per type."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

import related
from related.contrib.wagtail.texts import body_fields, html_of, stable_address
from related.contrib.wagtail.tree import (
    BASE,
    STEP,
    in_a_site,
    is_restricted,
    is_scheduled,
    root_paths,
    title_of_ancestor,
)

SECTION_TITLE = "related_section_title"


class PageSource(related.Source):
    """Pages of one type.

    Live and scheduled pages take part; readers see what is live, in a site, and behind no view
    restriction. An alias is its original, at another address.
    """

    # Names of the fields that are compared, in their order; () finds them (``texts.body_fields``).
    body_fields: Collection[str] = ()
    # The section of a page: its parent, or the page above it at this depth of the tree, where the
    # tree's root has 1, a site's root usually 2, and the pages below that 3.
    section_depth: int | None = None
    # A foreign key to an image, for lists; its file is shown as it was uploaded.
    image_field = ""

    def __init__(self, model: type[Model]) -> None:
        super().__init__(model)
        self.body_fields = self.body_fields or body_fields(model)

    def queryset(self) -> QuerySet[Any]:
        return self._open_pages().filter(Q(live=True) | is_scheduled())

    def public(self) -> QuerySet[Any]:
        return self._open_pages().filter(live=True)

    def title(self, obj: Any) -> str:
        return str(obj.title)

    def text(self, obj: Any) -> str:
        return html_of(obj, self.body_fields)

    def url(self, obj: Any) -> str:
        # Where a page itself keeps them; else it asks the cache once for each page.
        obj._wagtail_cached_site_root_paths = root_paths()  # noqa: SLF001
        return obj.get_url() or ""

    def earlier_urls(self, obj: Any) -> Iterable[str]:
        yield stable_address(obj.pk)
        for alias in BASE.objects.filter(alias_of=obj.pk):
            yield self.url(alias)
            yield stable_address(alias.pk)

    def preview_url(self, obj: Any) -> str:
        return reverse("wagtailadmin_pages:view_draft", args=[obj.pk])

    def language(self, obj: Any) -> str:
        return str(obj.locale.language_code)

    def section(self, obj: Any) -> str:
        """The slugs from below the site's root down to the section: one slug alone may repeat."""
        roots = [root.root_path for root in root_paths() if obj.url_path.startswith(root.root_path)]
        depth_of_root = roots[0].count("/") if roots else 1
        slugs = obj.url_path.strip("/").split("/")
        return "/".join(slugs[depth_of_root - 1 : self._depth_of_section(obj) - 1])

    def section_name(self, obj: Any) -> str:
        if not self.section(obj):
            return ""
        if not hasattr(obj, SECTION_TITLE):  # an object that a view had at hand
            path = obj.path[: self._depth_of_section(obj) * STEP]
            setattr(obj, SECTION_TITLE, BASE.objects.get(path=path).title)
        return str(getattr(obj, SECTION_TITLE) or "")

    def published_at(self, obj: Any) -> datetime | None:
        at: datetime | None = obj.first_published_at or obj.go_live_at
        return at

    def excerpt(self, obj: Any) -> str:
        return str(getattr(obj, "search_description", ""))

    def image_url(self, obj: Any) -> str:
        image = getattr(obj, self.image_field) if self.image_field else None
        return str(image.file.url) if image else ""

    def original(self, obj: Any) -> Any:
        seen = {obj.pk}
        page = obj
        while page.alias_of_id and page.alias_of_id not in seen:
            seen.add(page.alias_of_id)
            page = page.alias_of
        return obj if page is obj else self.model._base_manager.filter(pk=page.pk).first() or obj

    def _depth_of_section(self, obj: Any) -> int:
        depth: int = obj.depth - 1
        return depth if self.section_depth is None else min(depth, self.section_depth)

    def _open_pages(self) -> QuerySet[Any]:
        with_pages = ["locale", *([self.image_field] if self.image_field else [])]
        section_title = title_of_ancestor(self.section_depth)
        pages: QuerySet[Any] = self.model._default_manager.annotate(
            **{SECTION_TITLE: section_title}
        )
        readable = pages.filter(in_a_site(), ~is_restricted(), alias_of=None)
        return readable.select_related(*with_pages).order_by()
