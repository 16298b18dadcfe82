"""Keys are made, shown once and revoked here; pushed pages are looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.admin.filters import CheckedFilters
from related.admin.records import ReadOnlyAdmin
from related.contrib.headless.keys import make_key, pushable_types, revoke
from related.contrib.headless.models import ApiKey, Page


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in stubs only
    types = forms.MultipleChoiceField(
        label=_("May push"), widget=forms.CheckboxSelectMultiple, choices=[]
    )

    class Meta:
        model = ApiKey
        fields = ("name", "types")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "types" in self.fields:  # not on the page of a key that is there
            choices: Any = self.fields["types"]
            choices.choices = [(label, label) for label in pushable_types()]


@admin.register(ApiKey)
class ApiKeyAdmin(CheckedFilters):
    form = KeyForm
    list_display = ("name", "hint", "types", "created_by", "used_at", "revoked_at")
    list_select_related = ("created_by",)
    actions = ("revoke_keys",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A key is never edited: another scope is another key.
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # revoked ones stay, to be seen

    def save_model(
        self,
        request: HttpRequest,
        obj: Any,
        form: Any,
        change: bool,  # noqa: FBT001 (Django's own signature)
    ) -> None:
        made, text = make_key(obj.name, form.cleaned_data["types"], request.user)
        obj.pk, obj.hint = made.pk, made.hint
        shown = gettext("The key is {}. It is shown this once: copy it now.")
        self.message_user(request, format_html(shown, text), messages.WARNING)

    @admin.action(permissions=["change"], description=_("Revoke selected keys"))
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            revoke(key)
            self.log_change(request, key, gettext("Revoked."))
        self.message_user(request, gettext("Revoked: nothing gets in with them any more."))


@admin.register(Page)
class PageAdmin(ReadOnlyAdmin):
    list_display = ("title", "id", "status", "section", "published_at", "pushed_at")
    list_filter = ("status", "language")
    search_fields = ("title", "=id")
