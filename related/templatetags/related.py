"""Template tags: ``{% load related %}``. docs/reference/templates.md shows each in use."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import template
from django.db.models import Model
from django.template import Context

from related.domain.documents.originals import original_of
from related.domain.pages.placing import FilledSlot, Link, Page, Version, place_links
from related.metrics.reads import timed_read

logger = logging.getLogger(__name__)
register = template.Library()

PAGES = "related_pages"


@dataclass(frozen=True, slots=True)
class ShownSummary:
    text: str


@register.simple_tag(takes_context=True)
def related_links(context: Context, obj: Any, slot: str) -> list[Link]:
    """``{% related_links article "related" as links %}``: the links of one slot, maybe none."""
    filled = _slot_of(context, obj, slot)
    return filled.items if filled else []


@register.inclusion_tag("related/slot.html", takes_context=True)
def related_slot(context: Context, obj: Any, slot: str) -> dict[str, Any]:
    """``{% related_slot article "related" %}``: heading and links as HTML, nothing when empty."""
    page = _page_of(context, obj)
    return {
        "slot": _slot_of(context, obj, slot),
        "language": page.language if page else None,
        # So that clicks can be counted; an editor's preview is no page of readers.
        "document": f"{page.type}:{page.id}" if page and not _is_preview(context) else "",
    }


@register.simple_tag(takes_context=True)
def related_summary(context: Context, obj: Any) -> ShownSummary | None:
    """``{% related_summary article as summary %}``: its ``text`` is the approved summary."""
    page = _page_of(context, obj)
    return ShownSummary(page.summary) if page and page.summary else None


@register.inclusion_tag("related/summary_box.html", takes_context=True)
def related_summary_box(context: Context, obj: Any) -> dict[str, Any]:
    """``{% related_summary_box article %}``: the summary to unfold, nothing without one."""
    page = _page_of(context, obj)
    summary = related_summary(context, obj)
    return {"summary": summary, "language": page.language if page else None}


@register.simple_tag(takes_context=True)
def related_newer_version(context: Context, obj: Any) -> Version | None:
    """``{% related_newer_version article as newer %}``: its ``title`` and ``url``, or None."""
    page = _page_of(context, obj)
    return page.newer_version if page else None


@register.inclusion_tag("related/newer_version.html", takes_context=True)
def related_newer_version_box(context: Context, obj: Any) -> dict[str, Any]:
    """``{% related_newer_version_box article %}``: a sentence with a link, nothing without one."""
    page = _page_of(context, obj)
    return {
        "version": related_newer_version(context, obj),
        "language": page.language if page else None,
    }


def _slot_of(context: Context, obj: Any, key: str) -> FilledSlot | None:
    page = _page_of(context, obj)
    if page is None:
        return None
    if key not in page.slots:
        _warn_of_unknown_slot(key, tuple(page.slots))
    return page.slots.get(key)


def _page_of(context: Context, obj: Any) -> Page | None:
    """The object's page, computed at its first tag; None for what is no saved object."""
    if not isinstance(obj, Model) or obj.pk is None:
        return None
    # The lowest layer of the render context is the one thing that every part of one rendering
    # shares: parents, loops and includes, those with `only` too.
    shared: Any = context.render_context.dicts[0]
    pages: dict[tuple[type[Model], Any, bool], Page] = shared.setdefault(PAGES, {})
    is_preview = _is_preview(context)
    key = (type(obj), obj.pk, is_preview)
    if key not in pages:
        with timed_read("template"):
            [pages[key]] = place_links([original_of(obj)], preview=is_preview)
    return pages[key]


def _is_preview(context: Context) -> bool:
    return context.get("related_preview") is True


@lru_cache(maxsize=100)  # once per process is enough: an editor may have switched the slot off
def _warn_of_unknown_slot(key: str, known: tuple[str, ...]) -> None:
    logger.warning(
        "A template asks for the slot %r, which is unknown or switched off. Active slots: %s",
        key,
        ", ".join(known) or "none",
    )
