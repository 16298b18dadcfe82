"""The decision log as people read it: who changed what and when, in words, with titles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from related.admin.records import ReadOnlyAdmin, review_url
from related.domain.documents.standing import Standing, read_standings
from related.domain.documents.titles import read_titles
from related.enums import Mark, Telling, Verdict
from related.models import Decision, DecisionLog, Sensitivity, Summary

COLUMNS: list[Any] = ["at", "actor_name", "what", "title_of_target", "slot_name", "review", "note"]
# What a state holds that is not for people.
HIDDEN = {"text_hash", "closed_items", "pair"}
NAMED = {field.name: field.verbose_name for field in Decision._meta.fields} | {
    "heading": _("heading"),
    "text": Summary._meta.get_field("text").verbose_name,
    "closed_at": _("called done at"),
    "marks": Sensitivity._meta.get_field("marks").verbose_name,
    "kept": _("kept"),
    "rival": _("better match"),
    "story": _("articles"),
    "telling": _("they tell"),
}


class TitledLog(ChangeList):
    """A page of the log with the live titles of its articles, read at once.

    Of an operation in bulk the first entry stands for all, unless the operation itself, or an
    article or a name, is looked for.
    """

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[DecisionLog]:
        rows: QuerySet[DecisionLog] = super().get_queryset(request, exclude_parameters)
        is_asked = self.query or any(name.startswith("operation") for name in request.GET)
        return rows if is_asked else rows.filter(is_folded=False)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        ends = [end for row in self.result_list for end in (row.document, row.target) if end]
        titles = read_titles(ends)
        standings = read_standings([row.target for row in self.result_list if row.target])
        operations = {row.operation for row in self.result_list}
        folded = DecisionLog.objects.filter(operation__in=operations, is_folded=True).order_by()
        n_folded = dict(folded.values_list("operation").annotate(n=Count("pk")))
        for row in self.result_list:
            row.titles = titles
            row.standings = standings
            row.n_more = 0 if row.is_folded else n_folded.get(row.operation, 0)


class ByFilter(admin.SimpleListFilter):
    """Who it was: an editor, or the policy of a slot."""

    title = _("whom")
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("editors", _("editors")), ("policies", _("policies"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "policies":
            return queryset.by_policies()
        return queryset.by_accounts() if self.value() == "editors" else queryset


@admin.register(DecisionLog)
class DecisionLogAdmin(ReadOnlyAdmin):
    list_display = COLUMNS
    list_filter = ["action", ByFilter, "slot", "at"]
    list_select_related = ["document", "slot", "target"]
    fields = [*COLUMNS, "changes"]
    search_fields = ["actor_name", "note", "=document__object_id", "=target__object_id"]
    search_help_text = _("An editor's name, words of a note, or the id of an article")
    list_per_page = 50

    class Media:
        css = {"all": ["related/records.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TitledLog

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*COLUMNS, "changes"]

    @admin.display(description=_("action"), ordering="action")
    def what(self, entry: DecisionLog) -> str:
        action = str(entry.get_action_display())
        n_more = getattr(entry, "n_more", 0)
        if not n_more:
            return action
        all_of_it = ngettext("%(n)d in this operation", "%(n)d in this operation", n_more + 1)
        link = '{} <a href="?operation={}">{}</a>'
        return format_html(link, action, entry.operation, all_of_it % {"n": n_more + 1})

    @admin.display(description=_("link to"))
    def title_of_target(self, entry: DecisionLog) -> str:
        target = entry.target
        if target is None:
            return ""
        title = _titles(entry)[target.pk]
        known: dict[int, Standing] | None = getattr(entry, "standings", None)
        state = str((known or read_standings([target]))[target.pk])
        names = {"title": title, "state": state}
        return gettext("%(title)s (%(state)s)") % names if state else title

    @admin.display(description=_("slot"), ordering="slot")
    def slot_name(self, entry: DecisionLog) -> str:
        return entry.slot.name if entry.slot else ""

    @admin.display(description=_("article"))
    def review(self, entry: DecisionLog) -> SafeString:
        title = _titles(entry)[entry.document_id]
        return format_html('<a href="{}">{}</a>', review_url(entry.document), title)

    @admin.display(description=_("what changed"))
    def changes(self, entry: DecisionLog) -> SafeString:
        lines = [
            (NAMED.get(name, name), _shown(name, entry.before.get(name)), _shown(name, value))
            for name, value in entry.after.items()
            if name not in HIDDEN and entry.before.get(name) != value
        ]
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {} → {}</li>", lines))


CHOICES: dict[str, Any] = {"verdict": Verdict, "telling": Telling}


def _titles(entry: DecisionLog) -> dict[int, str]:
    known: dict[int, str] | None = getattr(entry, "titles", None)
    return known or read_titles([end for end in (entry.document, entry.target) if end])


def _shown(name: str, value: Any) -> str:
    if name == "marks":
        return ", ".join(str(mark.label) for mark in Mark.of(value)) or "–"
    if name in CHOICES:
        return str(CHOICES[name](value).label) if value in CHOICES[name].values else "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, float):
        return number_format(round(value, 2), 2)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value in {None, ""} else str(value)
