"""Slugs of any script as fields of models and forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.articles.slugs import is_slug


def validate_slug(value: str) -> None:
    """Django's own validator refuses vowel signs, without which Hindi and Thai cannot be read."""
    if not is_slug(value):
        message = _("Write a slug with letters, digits, hyphens and underscores alone.")
        raise ValidationError(message, code="invalid")


class AnyScriptSlugFormField(forms.SlugField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        kept = [check for check in self.validators if check not in self.default_validators]
        self.validators = [validate_slug, *kept]


class AnyScriptSlugField(models.SlugField):
    """A slug whose letters may be of any script, with their vowel signs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "allow_unicode": True})
        self.default_validators = [validate_slug]

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": AnyScriptSlugFormField, **kwargs})
