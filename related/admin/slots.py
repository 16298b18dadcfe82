"""Slots: the places on a page and their rules."""

from __future__ import annotations

from copy import copy
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminIntegerFieldWidget
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.admin.filters import CheckedFilters
from related.admin.policy import policy_view
from related.admin.slot_evidence import asked_minimum, evidence_context
from related.admin.slot_preview import admin_form, preview_context
from related.domain.attention.states import mark_due
from related.domain.transactions import after_commit, announce_everything
from related.enums import Priority
from related.models import DecisionLog, Slot
from related.wakeups import wake_up


@admin.register(Slot)
class SlotAdmin(CheckedFilters):
    list_display = [
        "key",
        "heading",
        "position",
        "rule",
        "count",
        "minimum_score",
        "requires_approval",
        "is_active",
    ]
    list_editable = ["position"]
    list_filter = ["is_active", "requires_approval", "rule"]
    fieldsets = [
        (None, {"fields": ["key", "heading", "position", "is_active"]}),
        (
            _("What fills it"),
            {
                "fields": ["rule", "count", "requires_approval", "fallback"],
                "description": _(
                    "Earlier and later go by the publication date; of two articles of the same "
                    "moment, the one with the smaller id counts as the earlier."
                ),
            },
        ),
        (
            _("What is good enough"),
            {
                "fields": [
                    "minimum_score",
                    "same_section",
                    "one_per_story",
                    "skip_linked",
                    "time_weight",
                ],
                "description": _(
                    "The score is on the scale of the similarity (0 to 1). Titles that the other "
                    "text is about, and closeness in time, raise it; being close to many others "
                    "lowers it. "
                    "A slot stays empty rather than show what scores below the minimum."
                ),
            },
        ),
    ]

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """With a name for each field of the list, which has none in sight."""
        named = AdminIntegerFieldWidget(attrs={"aria-label": gettext("position")})
        return super().get_changelist_form(request, widgets={"position": named}, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        policy = self.admin_site.admin_view(partial(policy_view, slot_admin=self))
        return [
            path("<int:slot_id>/policy/", policy, name="related_slot_policy"),
            *super().get_urls(),
        ]

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """With the minimum score that a link of the page asks to fill in; nothing is saved."""
        slot = super().get_object(request, object_id, from_field)
        score = asked_minimum(request) if request.method == "GET" else None
        if slot is not None and score is not None:
            slot.minimum_score = score
        return slot

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        slot = super().get_object(request, object_id)
        if slot is None or not self.has_view_or_change_permission(request, slot):
            return super().change_view(request, object_id, form_url, extra_context)
        may_change = self.has_change_permission(request, slot)
        context = {
            **(extra_context or {}),
            # Called by the template: a save that leads elsewhere reads no decisions.
            "past": partial(evidence_context, slot, may_change=may_change),
            "is_filled_in": may_change and asked_minimum(request) is not None,
        }
        if request.method == "POST" and "_preview" in request.POST and may_change:
            preview = self._preview(request, slot, context)
            if preview is not None:
                return preview
        return super().change_view(request, object_id, form_url, context)

    def _preview(
        self, request: HttpRequest, slot: Slot, context: dict[str, Any]
    ) -> HttpResponse | None:
        """The page with what the sent form would change; None where the form has errors."""
        form = self.get_form(request, slot, change=True)(request.POST, instance=copy(slot))
        if not form.is_valid():
            return None
        dressed = admin_form(self, request, form, slot)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview: nothing is saved yet"),
            "subtitle": str(slot),
            "adminform": dressed,
            "object_id": slot.pk,
            "original": slot,
            "media": self.media + dressed.media,
            "inline_admin_formsets": [],
            "errors": [],
            "is_popup": False,
            "preserved_filters": self.get_preserved_filters(request),
            **context,
            **preview_context(slot, form),
        }
        return self.render_change_form(request, context, change=True, obj=slot)

    def get_readonly_fields(self, request: HttpRequest, obj: Slot | None = None) -> list[str]:
        # Templates and API clients know the slot by its key.
        return ["key"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Slot | None = None) -> bool:
        may_delete = super().has_delete_permission(request, obj)
        if obj is None:
            return may_delete
        # The log outlives every decision. A slot that is no longer wanted is made inactive.
        return may_delete and not DecisionLog.objects.filter(slot=obj).exists()

    def save_model(self, request: HttpRequest, obj: Slot, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if not change or form.changed_data:
            announce_everything()
            mark_due()
            after_commit(wake_up, [], Priority.BULK)
        if obj.is_active and (not change or set(Slot.COMPUTED_FIELDS) & set(form.changed_data)):
            self.message_user(
                request,
                gettext(
                    "The suggestions for “%(slot)s” follow the new rule after the next rebuild: "
                    "at night, or at once with `manage.py rebuild_related`."
                )
                % {"slot": obj.key},
                messages.INFO,
            )

    def delete_model(self, request: HttpRequest, obj: Slot) -> None:
        super().delete_model(request, obj)
        announce_everything()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Slot]) -> None:
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            announce_everything()
