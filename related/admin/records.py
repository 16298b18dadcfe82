"""Decisions, their log and the rebuilds, to look at: nothing here is changed by hand."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from related.admin.decision_filters import HiddenFilter, StrengthFilter
from related.admin.filters import CheckedFilters
from related.models import Decision, Document, RebuildRun


class ReadOnlyAdmin(CheckedFilters):
    """Rows that come from elsewhere; those who may view or change them may look."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Decisions change on the review desk only, where every change is logged."""

    list_display = ["review", "slot", "target", "verdict", "is_pinned", "decided_by", "decided_at"]
    list_filter = [
        *("verdict", StrengthFilter, HiddenFilter, "is_pinned", "by_policy", "slot", "decided_at"),
    ]
    list_select_related = ["document", "slot", "target", "decided_by"]
    search_help_text = _("The id of an article, words of a note, or an editor's name")
    list_display_links = None
    ordering = ["-decided_at", "-pk"]
    list_per_page = 50

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        name = f"decided_by__{get_user_model().USERNAME_FIELD}"  # as a site's accounts have it
        return ["=document__object_id", "=target__object_id", "note", name]

    @admin.display(description=_("article"), ordering="document")
    def review(self, decision: Decision) -> SafeString:
        return review_link(decision.document)


@admin.register(RebuildRun)
class RebuildRunAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "status", "phase_name", "n_done", "n_documents", "finished_at"]
    list_filter = ["status", "started_at"]

    @admin.display(description=_("phase"), ordering="phase")
    def phase_name(self, run: RebuildRun) -> str:
        return run.phase_name


def review_link(document: Document) -> SafeString:
    """The way to a document's review page, by its label."""
    return format_html('<a href="{}">{}</a>', review_url(document), document.label)


def with_query(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def review_url(document: Document) -> str:
    return reverse("admin:related_document_review", args=[document.type_label, document.object_id])
