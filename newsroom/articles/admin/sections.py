"""Sections and tags in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.articles.admin.choices import CheckedChoices
from newsroom.articles.models import Section, Tag
from related.admin.filters import CheckedFilters


@admin.register(Section)
class SectionAdmin(CheckedChoices):
    list_display = ["name", "position", "slug", "number_of_articles", "sensitivity"]
    list_editable = ["position"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["editors"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Section]:
        return super().get_queryset(request).annotate(n_articles=Count("articles"))

    @admin.display(description=_("articles"), ordering="n_articles")
    def number_of_articles(self, section: Any) -> int:
        return section.n_articles

    @admin.display(description=_("links"))
    def sensitivity(self, section: Section) -> SafeString:
        address = reverse("admin:related_sensitive_sections")
        return format_html('<a href="{}">{}</a>', address, gettext("Sensitivity"))


@admin.register(Tag)
class TagAdmin(CheckedFilters):
    search_fields = ["name"]
