"""What is to be done in bulk: one form for each way, and the plan that it asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from related.admin.forms import TargetField
from related.domain.decisions.accounts import Account
from related.domain.desk.page import title_of
from related.domain.desk.queue import QueueFilter
from related.domain.operations.planning import (
    Plan,
    plan_approvals,
    plan_rejections,
    plan_reopening,
    plan_reverting,
)
from related.enums import BulkKind

CHANCES = [
    ("0.2", _("fair or strong")),
    ("0.5", _("strong")),
    ("0.7", _("strong, approved 7 times in 10")),
    ("0.9", _("strong, approved 9 times in 10")),
]


class ApproveForm(forms.Form):
    """What the pages propose, from a strength on."""

    chance = forms.TypedChoiceField(
        label=_("Strength"), choices=CHANCES, coerce=float, initial="0.5"
    )
    kind = BulkKind.APPROVE

    def plan(self, wanted: QueueFilter, user: Any) -> Plan:
        return plan_approvals(wanted, user, self.cleaned_data["chance"])

    def options(self) -> dict[str, Any]:
        return {"chance": self.cleaned_data["chance"]}


class RejectForm(forms.Form):
    """All links to one article."""

    target = TargetField(widget=forms.HiddenInput)
    approved_too = forms.BooleanField(label=_("Also where it is approved already"), required=False)
    kind = BulkKind.REJECT

    def plan(self, wanted: QueueFilter, user: Any) -> Plan:
        given = self.cleaned_data
        return plan_rejections(wanted, user, given["target"], approved_too=given["approved_too"])

    def options(self) -> dict[str, Any]:
        target = self.cleaned_data["target"]
        names = {"target": target.label, "title": title_of(target)}
        return names | {"approved_too": self.cleaned_data["approved_too"]}


class Moment(forms.DateTimeInput):
    """As browsers send it; in the site's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class EditorForm(forms.Form):
    """What one editor decided in a period."""

    since = forms.DateTimeField(label=_("From"), widget=Moment)
    until = forms.DateTimeField(label=_("To"), required=False, widget=Moment)
    do = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            (BulkKind.REVERT.value, _("what stood before is put back")),
            (BulkKind.REOPEN.value, _("it is open again")),
        ],
        initial=BulkKind.REVERT.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = get_user_model()
        staff = model._default_manager.filter(Q(is_staff=True) | Q(is_superuser=True))
        self.fields["editor"] = forms.ModelChoiceField(
            label=_("Editor"), queryset=staff.order_by(model.USERNAME_FIELD)
        )

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("This is before the time in “From”."))

    @property
    def kind(self) -> BulkKind:
        return BulkKind(self.cleaned_data["do"])

    def plan(self, wanted: QueueFilter, user: Any) -> Plan:
        editor = self.cleaned_data["editor"]
        account = Account(str(editor.pk), editor.get_username(), editor)
        find = plan_reverting if self.kind == BulkKind.REVERT else plan_reopening
        return find(account, self.cleaned_data["since"], self.cleaned_data["until"], wanted, user)

    def options(self) -> dict[str, Any]:
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return {
            "editor": self.cleaned_data["editor"].get_username(),
            "since": since.isoformat(),
            "until": until.isoformat() if until else timezone.now().isoformat(),
        }


FORMS: dict[str, type[ApproveForm | RejectForm | EditorForm]] = {
    "approve": ApproveForm,
    "reject": RejectForm,
    "editor": EditorForm,
}
