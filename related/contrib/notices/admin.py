"""Notices that wait or were set aside: looked at, and told again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from related.admin.records import ReadOnlyAdmin
from related.contrib.notices.batches import revive
from related.contrib.notices.models import Notice


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting")), ("set_aside", _("Set aside"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() in {"waiting", "set_aside"}:
            return getattr(queryset, str(self.value()))()
        return queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("receiver", "document", "what", "noted_at", "attempts", "error")
    list_filter = (StateFilter, "receiver")
    list_select_related = ("document",)
    list_display_links = None
    list_per_page = 50
    ordering = ("pk",)
    actions = ("tell_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("related_notices.change_notice"))

    @admin.action(permissions=["retry"], description=_("Tell selected notices again"))
    def tell_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        n = revive(Notice.objects.filter(pk__in=queryset.values("pk")))
        message = ngettext("%(n)d notice waits again.", "%(n)d notices wait again.", n)
        level = messages.SUCCESS if n else messages.WARNING
        self.message_user(request, message % {"n": n}, level)
