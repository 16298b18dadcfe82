"""Click-through and trials in the admin: the report in place of a list, a page for each trial."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from related.admin.filters import CheckedFilters
from related.admin.records import ReadOnlyAdmin
from related.contrib.clicks.models import ClickSum, Trial
from related.contrib.clicks.report import csv_view, report_view
from related.contrib.clicks.trial_page import trial_view
from related.contrib.clicks.trying import start_trial
from related.domain.decisions.permissions import may_look
from related.models import Slot


@admin.register(ClickSum)
class ClickThroughAdmin(ReadOnlyAdmin):
    """For all who may look at the desk."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_look(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_look(request.user)

    def get_urls(self) -> list[URLPattern]:
        report = self.admin_site.admin_view(partial(report_view, admin_site=self.admin_site))
        return [
            path("", report, name="related_clicks_clicksum_changelist"),
            path("csv/", self.admin_site.admin_view(csv_view), name="related_clicks_csv"),
        ]


class TrialForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    class Meta:
        model = Trial
        fields = ("slot", "heading", "count")
        help_texts = {
            "heading": gettext_lazy("Empty: the same as now."),
            "count": gettext_lazy("Empty: as many as now."),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        slot = data.get("slot")
        if slot is None or self.errors:
            return data
        if Trial.objects.filter(slot=slot, ended_at=None).exists():
            raise ValidationError(_("This slot is being tried already: end that trial first."))
        heading, count = data.get("heading"), data.get("count")
        if heading in {"", slot.shown_heading, slot.heading} and count in {None, slot.count}:
            raise ValidationError(_("B would be the same as A: change the heading or how many."))
        return data


@admin.register(Trial)
class TrialAdmin(CheckedFilters):
    """Whoever may change slots tries them."""

    form = TrialForm
    list_display = ("slot", "heading", "count", "started_at", "started_by", "ended_at", "kept_name")
    list_select_related = ("slot", "started_by")
    actions = None

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(partial(trial_view, trial_admin=self))
        return [
            path("<int:trial_id>/change/", page, name="related_clicks_trial_change"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trial]:
        return Trial.objects.select_related("slot", "started_by")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_look(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_look(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("related.change_slot"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what B is, is said at the beginning; the trial's page ends it

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "slot":
            kwargs["queryset"] = Slot.objects.active()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Trial, form: Any, change: Any) -> None:
        start_trial(obj, request.user)

    @admin.display(description=gettext_lazy("kept"))
    def kept_name(self, trial: Trial) -> str:
        return trial.kept.upper()
