"""Sections and tags."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import related
from newsroom.articles.cleaning import one_line
from newsroom.articles.slug_fields import AnyScriptSlugField
from newsroom.articles.slugs import SluggedQuerySet, slug_base, unique_slugs


class Named(models.Model):
    """Something with a unique name of one line."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = one_line(self.name)
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        # Before the form looks whether the name is taken: it is the stored form that must be free.
        # A form without the name has nothing to say about it.
        super().clean_fields(exclude=exclude)
        if "name" in (exclude or ()):
            return
        self.name = one_line(self.name)
        if not self.name:
            raise ValidationError({"name": _("Enter a name with at least one visible character.")})


class Section(Named):
    """A part of the paper, as the navigation shows it."""

    slug = AnyScriptSlugField(_("slug"), max_length=100, unique=True, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=100,
        help_text=_("Sections with small numbers come first in the navigation."),
    )
    editors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("editors"),
        blank=True,
        limit_choices_to={"is_staff": True},
        related_name="edited_sections",
        help_text=_("Who publishes and decides in this section. Chief editors do so in every one."),
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "name"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new name or slug concerns every article of the section: they are marked as changed,
        in the same transaction."""
        if not self.slug:
            base = slug_base(self.name, "section", 100)
            self.slug = unique_slugs(Section.objects, [base])[0]
        with transaction.atomic(savepoint=False), related.bulk_changes():
            # Locked, so that no article enters the section unseen while it gets its new slug.
            rows = Section.objects.select_for_update().filter(pk=self.pk)
            before = rows.values_list("name", "slug").first() if self.pk else None
            super().save(*args, **kwargs)
            if before and before != (self.name, self.slug):
                related.mark_changed(self.articles.only("pk").order_by("pk").iterator())

    def get_absolute_url(self) -> str:
        return reverse("newsroom:section", args=[self.slug])


class Tag(Named):
    """A keyword of articles."""

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
