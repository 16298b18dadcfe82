"""Rows to look at, which nobody changes by hand, and the rebuilds among them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from related.admin.filters import CheckedFilters
from related.models import Document, RebuildRun


class ReadOnlyAdmin(CheckedFilters):
    """Rows that come from elsewhere; those who may view or change them may look."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(RebuildRun)
class RebuildRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "status", "phase_name", "n_done", "n_documents", "finished_at"]
    list_filter = ["status", "started_at"]

    @admin.display(description=_("phase"), ordering="phase")
    def phase_name(self, run: RebuildRun) -> str:
        return run.phase_name


def with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def review_url(document: Document) -> str:
    return reverse("admin:related_document_review", args=[document.type_label, document.object_id])
