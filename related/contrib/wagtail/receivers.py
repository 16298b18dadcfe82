"""What changes many pages at once: a branch of the tree that moves, a view restriction, a locale.

Saves and deletes of the pages themselves are noticed as those of any registered model; publishing,
unpublishing and copying are saves.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale, PageViewRestriction, Revision, Site

from related.changes import bulk_changes, mark_changed
from related.contrib.wagtail.tree import BASE, documents_of, subtree
from related.registry import registered


def connect() -> None:
    for model in apps.get_models():
        if issubclass(model, BASE):
            label = f"related_wagtail.{model._meta.label_lower}"
            post_save.connect(on_page, sender=model, dispatch_uid=f"{label}.save")
            post_delete.connect(on_page_deleted, sender=model, dispatch_uid=f"{label}.delete")
    for sender, receiver in (
        (PageViewRestriction, on_restriction),
        (Site, on_site),
        (Locale, on_locale),
    ):
        label = f"related_wagtail.{sender._meta.label_lower}"
        post_save.connect(receiver, sender=sender, dispatch_uid=f"{label}.save")
        post_delete.connect(receiver, sender=sender, dispatch_uid=f"{label}.delete")
    post_save.connect(on_revision, sender=Revision, dispatch_uid="related_wagtail.revision")


def on_page(sender: type[Model], instance: Any, *, raw: bool = False, **kwargs: Any) -> None:
    """A page that is renamed or moved is saved first, and then what is below it gets its new
    address, in the same transaction. So those whose address does not begin with its own are next.
    """
    if raw:
        return
    if instance.numchild:
        below = BASE.objects.filter(subtree(instance)).exclude(pk=instance.pk)
        mark(below.exclude(url_path__startswith=instance.url_path))
    on_page_deleted(sender, instance)


def on_page_deleted(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """An alias is an address of its original."""
    if instance.alias_of_id:
        mark(BASE.objects.filter(pk=instance.alias_of_id))


def on_restriction(sender: type[Model], instance: Any, *, raw: bool = False, **kwargs: Any) -> None:
    """What is below an alias of a page is restricted as that page is."""
    if not raw:
        its_own = Q(pk=instance.page_id) | Q(alias_of=instance.page_id)
        mark_below(BASE.objects.filter(its_own))


def on_site(sender: type[Model], instance: Any, *, raw: bool = False, **kwargs: Any) -> None:
    """Host names are part of addresses, and what is outside all sites is read by nobody."""
    if not raw:
        root = BASE.objects.filter(pk=instance.root_page_id)
        mark_below(BASE.objects.filter(translation_key__in=root.values("translation_key")))


def on_locale(
    sender: type[Model], instance: Any, *, raw: bool = False, created: bool = False, **kwargs: Any
) -> None:
    if not (raw or created):
        mark(BASE.objects.filter(locale=instance.pk))


def on_revision(
    sender: type[Model], instance: Any, *, update_fields: Any = None, **kwargs: Any
) -> None:
    """A schedule that is taken back changes no page."""
    if "approved_go_live_at" in (update_fields or ()):
        model = instance.content_type.model_class()
        if model is not None and issubclass(model, BASE):
            mark(BASE.objects.filter(pk=instance.object_id))


def mark_below(tops: QuerySet[Any]) -> None:
    """Mark the registered pages among these and below them, as one change."""
    with bulk_changes():
        for top in tops:
            mark(BASE.objects.filter(subtree(top)))


def mark(pages: QuerySet[Any]) -> None:
    """Mark the registered pages among these, as one change."""
    with bulk_changes():
        for model in registered():
            if issubclass(model, BASE):
                objects = documents_of(model, pages.order_by()).only("pk")
                mark_changed(objects.iterator(chunk_size=2_000))
