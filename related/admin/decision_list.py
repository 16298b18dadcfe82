"""The list of decisions as people read it: which link stands where, with the titles of today."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from related.admin.decision_filters import HiddenFilter, StrengthFilter
from related.admin.records import ReadOnlyAdmin, review_url
from related.domain.documents.titles import read_titles
from related.models import Decision

COLUMNS: list[Any] = [
    *("review", "slot_name", "title_of_target", "verdict", "is_pinned", "decided_by", "decided_at"),
]


class TitledDecisions(ChangeList):
    """A page of decisions with the live titles of both articles, read at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        titles = read_titles(end for row in self.result_list for end in (row.document, row.target))
        for row in self.result_list:
            row.titles = titles


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Decisions change on the review desk only, where every change is logged."""

    list_display = COLUMNS
    list_filter = [
        *("verdict", StrengthFilter, HiddenFilter, "is_pinned", "by_policy", "slot", "decided_at"),
    ]
    list_select_related = ["document", "slot", "target", "decided_by"]
    fields = [*COLUMNS, "note", "by_policy"]
    readonly_fields = ["review", "slot_name", "title_of_target"]
    search_help_text = _("The id of an article, words of a note, or an editor's name")
    list_display_links = None
    ordering = ["-decided_at", "-pk"]
    list_per_page = 50

    class Media:
        css = {"all": ["related/records.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TitledDecisions

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        name = f"decided_by__{get_user_model().USERNAME_FIELD}"  # as a site's accounts have it
        return ["=document__object_id", "=target__object_id", "note", name]

    @admin.display(description=_("article"), ordering="document")
    def review(self, decision: Decision) -> SafeString:
        title = _titles(decision)[decision.document_id]
        return format_html('<a href="{}">{}</a>', review_url(decision.document), title)

    @admin.display(description=_("slot"), ordering="slot")
    def slot_name(self, decision: Decision) -> str:
        return decision.slot.name

    @admin.display(description=_("link to"), ordering="target")
    def title_of_target(self, decision: Decision) -> str:
        return _titles(decision)[decision.target_id]


def _titles(decision: Decision) -> dict[int, str]:
    known: dict[int, str] | None = getattr(decision, "titles", None)
    return known or read_titles([decision.document, decision.target])
