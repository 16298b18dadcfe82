"""Slots: the places on a page and their rules."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.admin.filters import CheckedFilters
from related.domain.attention.states import mark_due
from related.domain.transactions import announce_everything
from related.models import DecisionLog, Slot


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
