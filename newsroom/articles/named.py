"""What is known by a unique name: sections and tags."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.articles.cleaning import one_line


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
