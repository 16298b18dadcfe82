"""Where a page stands in the tree, and whether readers get there: as conditions of a query."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Least, Left, Length
from wagtail.models import PageViewRestriction, Revision, Site

# The model at the root of all page types; a site may have one of its own (WAGTAILCORE_PAGE_MODEL).
BASE: Any = PageViewRestriction._meta.get_field("page").related_model
STEP: int = BASE.steplen

_root_paths: ContextVar[Sequence[Any]] = ContextVar("related_wagtail_root_paths")


def read_root_paths() -> Sequence[Any]:
    """The sites' roots as Wagtail's own cache has them now; the addresses of pages that are read
    next are made of these."""
    paths: Sequence[Any] = Site.get_site_root_paths()
    _root_paths.set(paths)
    return paths


def root_paths() -> Sequence[Any]:
    """The roots as last read: asking the cache again for each of many pages is slow."""
    known = _root_paths.get(None)
    return read_root_paths() if known is None else known


def in_a_site() -> Q:
    """Pages that have an address: below the root of a site, in any of its languages."""
    below = Q(pk__in=[])
    for root in read_root_paths():
        below |= Q(url_path__startswith=root.root_path)
    return below


def is_restricted() -> Exists:
    """Pages that not everybody may read, as Wagtail has it: by a restriction of their own, of a
    page above, or of the page that one above is an alias of."""
    within = Left(OuterRef("path"), Length("page__path"))
    alias_within = Left(OuterRef("path"), Length("page__aliases__path"))
    above = Q(page__path=within) | Q(page__aliases__path=alias_within)
    return Exists(PageViewRestriction.objects.filter(above))


def is_scheduled() -> Exists:
    """Pages with a version that goes live by itself. ``go_live_at`` of a page is no approval."""
    key = Cast(OuterRef("pk"), CharField())
    return Exists(Revision.page_revisions.filter(object_id=key, approved_go_live_at__isnull=False))


def title_of_ancestor(depth: int | None) -> Subquery:
    """The title of the page above a page that is at this depth, or nearest to it; None: of its
    parent."""
    length: Any = Length(OuterRef("path")) - STEP
    if depth is not None:
        length = Least(length, Value(depth * STEP))
    above = BASE.objects.order_by().filter(path=Left(OuterRef("path"), length))
    return Subquery(above.values("title")[:1])


def subtree(page: Any) -> Q:
    """The page and all below it."""
    return Q(path__startswith=page.path)


def documents_of(model: type[Model], pages: QuerySet[Any]) -> QuerySet[Any]:
    """The objects of a registered type among some pages; an alias stands for its original."""
    among = Q(pk__in=pages.values("pk")) | Q(pk__in=pages.values("alias_of"))
    return model._base_manager.filter(among)
