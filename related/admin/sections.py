"""The page where editors mark whole sections, and the log of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from related.admin.forms import PageForm
from related.admin.records import ReadOnlyAdmin
from related.domain.decisions.conflicts import DecisionConflict
from related.domain.decisions.permissions import may_look, may_mark_at_all
from related.domain.decisions.undoing_sections import last_rules
from related.domain.desk.sections import (
    TICKS,
    Place,
    describe_rules,
    read_sections,
    save_sections,
    undo_sections,
)
from related.domain.documents.section_names import names_of_sections
from related.enums import Mark
from related.models import Review, SectionRule, SectionRuleLog
from related.registry import registered

PAGE_SIZE = 100  # five values a section: Django takes a thousand of a form


@require_http_methods(["GET", "HEAD", "POST"])
def sections_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """Show the sections (GET), or mark them (POST)."""
    may_mark = may_mark_at_all(request.user)
    if not (may_mark or may_look(request.user)):
        raise PermissionDenied
    if request.method == "POST":
        if not may_mark:
            raise PermissionDenied
        return _undo(request) if "undo" in request.POST else _save(request)
    page = PageForm(request.GET).number()
    start = (page - 1) * PAGE_SIZE
    rows = read_sections(request.user, start, start + PAGE_SIZE + 1)
    last = last_rules(request.user) if may_mark else []
    context = {
        **admin_site.each_context(request),
        "title": _("Sensitive sections"),
        "opts": Review._meta,
        "rows": rows[:PAGE_SIZE],
        "marks": TICKS,
        "may_mark": may_mark,
        "last": describe_rules(last) if last else "",
        "last_operation": last[0].operation if last else "",
        "has_kinds": len({row.kind for row in rows}) > 1,
        "page": page,
        "has_more": len(rows) > PAGE_SIZE,
    }
    return TemplateResponse(request, "admin/related/document/sections.html", context)


def _save(request: HttpRequest) -> HttpResponse:
    try:
        seen = _sums(request.POST.getlist("seen"))
        wanted = _sums(request.POST.getlist("tick"))
    except ValueError:
        messages.error(request, _("Not saved: the page sent no known sections. Load it again."))
        return HttpResponseRedirect(request.get_full_path())
    try:
        changed = save_sections(seen, wanted, request.user)
    except PermissionError:
        raise PermissionDenied from None
    except DecisionConflict as conflict:
        messages.error(request, str(conflict))
    else:
        names = names_of_sections(rule.section for rule in changed)
        for rule in changed:
            messages.success(request, _said(rule, names[rule.section]))
    return HttpResponseRedirect(request.get_full_path())


def _undo(request: HttpRequest) -> HttpResponse:
    try:
        entries = undo_sections(request.POST["undo"], request.user)
    except PermissionError:
        raise PermissionDenied from None
    except DecisionConflict as conflict:
        messages.error(request, str(conflict))
    else:
        message = _("Undone: %(step)s.") % {"step": describe_rules(entries)}
        messages.success(request, message)
    return HttpResponseRedirect(request.get_full_path())


def _said(rule: SectionRule, name: str) -> str:
    if not rule.marks:
        return _("The section “%(section)s” has no rule any more.") % {"section": name}
    values = {"section": name, "marks": ", ".join(rule.words)}
    return _("The section “%(section)s”: %(marks)s.") % values


def _sums(values: Iterable[str]) -> dict[Place, int]:
    """The marks of each section, as ``SectionRow`` writes them.

    Raises:
        ValueError: what was sent makes no sense.
    """
    kinds = {ContentType.objects.get_for_model(model).pk for model in registered()}
    sums: dict[Place, int] = defaultdict(int)
    for value in values:
        kind, marks, section = value.split(":", 2)
        if int(kind) not in kinds or not 0 <= int(marks) <= sum(TICKS):
            raise ValueError(value)
        if not 0 < len(section) <= 255:  # as the column holds
            raise ValueError(value)
        sums[int(kind), section] |= int(marks)
    return dict(sums)


@admin.register(SectionRuleLog)
class SectionRuleLogAdmin(ReadOnlyAdmin):
    """Who changed what of which section; for those who may read the decision log."""

    list_display = ["at", "actor_name", "section", "marks_before", "marks_after"]
    list_display_links = None
    list_filter = ["at"]
    search_fields = ["actor_name", "section"]
    search_help_text = gettext_lazy("An editor's name, or a section")
    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("related.view_decisionlog"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description=gettext_lazy("before"))
    def marks_before(self, entry: SectionRuleLog) -> str:
        return _words(entry.before)

    @admin.display(description=gettext_lazy("after"))
    def marks_after(self, entry: SectionRuleLog) -> str:
        return _words(entry.after)


def _words(marks: int) -> str:
    return ", ".join(str(mark.label) for mark in Mark.of(marks)) or "–"
