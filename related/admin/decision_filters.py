"""Filters of the list of decisions: how strong the link was, and whether it is hidden now."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.domain.reports.hidden_links import coming_links, lost_links
from related.domain.strength.words import has_strength
from related.enums import Strength
from related.models import Slot


class StrengthFilter(admin.SimpleListFilter):
    """Of suggestions that an editor saw, by today's curves."""

    title = _("strength")
    parameter_name = "strength"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(strength.value, str(strength.label)) for strength in Strength]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        if value not in Strength.values:
            return queryset
        slots = Slot.objects.by_similarity().with_strength()
        return queryset.telling().filter(has_strength(Strength(value), slots))


class HiddenFilter(admin.SimpleListFilter):
    title = _("target")
    parameter_name = "target_is"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("lost", gettext("Approved, withdrawn or deleted")),
            ("coming", gettext("Approved, not out yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "lost":
            return queryset.filter(pk__in=lost_links().values("pk"))
        if self.value() == "coming":
            return queryset.filter(pk__in=coming_links().values("pk"))
        return queryset
