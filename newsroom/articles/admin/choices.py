"""Choices that were not made in a browser: keys that no row can have are refused, not looked up."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse

from related.admin.filters import CheckedFilters


def is_key(model: type[models.Model], key: Any) -> bool:
    """Whether what was sent can be the primary key of a row."""
    field: models.Field[Any, Any] = model._meta.pk
    try:
        field.run_validators(field.to_python(key))
    except (ValidationError, ValueError, TypeError):
        return False
    return True


class CheckedMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Several rows by their keys. Django asks the database for whatever was sent, when it checks
    the keys and again when it shows the form once more."""

    def clean(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            for key in value:
                if not self._is_key(key):
                    message = self.error_messages["invalid_pk_value"]
                    raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super().clean(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        bound = super().bound_data(data, initial)
        if not isinstance(bound, list | tuple):
            return bound
        return [key for key in bound if self._is_key(key)]

    def _is_key(self, key: Any) -> bool:
        assert self.queryset is not None
        return is_key(self.queryset.model, key)


class CheckedChoices(CheckedFilters):
    """An admin whose fields of several choices, and whose lists that are edited, refuse what is no
    key."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        name = re.compile(rf"form-\d+-{self.opts.pk.name}")
        sent = [key for field, key in request.POST.items() if name.fullmatch(field)]
        if not all(is_key(self.model, key) for key in sent):
            raise BadRequest("a key that no row can have")
        return super().changelist_view(request, extra_context)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("form_class", CheckedMultipleChoiceField)
        return super().formfield_for_manytomany(db_field, request, **kwargs)
