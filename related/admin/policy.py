"""The policy of a slot: the bar above which it approves by itself, what that would do, one undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from related.domain.policies.archive import count_above
from related.domain.policies.setting import set_policy
from related.domain.policies.undoing import approved_by_policy, take_back
from related.domain.strength.decisions import decided_by_slot
from related.domain.transactions import after_commit
from related.enums import Priority
from related.models import Policy, Slot
from related.models.policies import LOWEST_BAR
from related.wakeups import wake_up

SECONDS_TO_COUNT = 2.0
SECONDS_TO_UNDO = 20.0
EARLIEST_YEAR = 1971  # before that, not every time zone can be told in UTC

# A redirect, or what the page shows of it.
Answer = HttpResponse | dict[str, Any]


class PolicyForm(forms.Form):
    bar = forms.FloatField(
        label=gettext_lazy("Bar of strength"),
        min_value=LOWEST_BAR,
        max_value=1.0,
        help_text=gettext_lazy(
            "From 0.5 to 1: how likely an editor approves such a link here, as the site's own "
            "decisions say."
        ),
        widget=forms.NumberInput(attrs={"step": "0.01"}),
    )
    covers_archive = forms.BooleanField(
        label=gettext_lazy("Also what stands already, and what each rebuild finds"),
        required=False,
        help_text=gettext_lazy(
            "Off: from now on, where the suggestions of a page change, as with a publish."
        ),
    )


class UndoPolicyForm(forms.Form):
    since = forms.DateTimeField(
        label=gettext_lazy("Since"),
        required=False,
        help_text=gettext_lazy("Empty: all of it, from the beginning."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_since(self) -> datetime | None:
        since: datetime | None = self.cleaned_data["since"]
        if since is None or since.year < EARLIEST_YEAR:
            return None
        if since > timezone.now():
            raise ValidationError(_("This time is still to come."))
        return since


@require_http_methods(["GET", "HEAD", "POST"])
def policy_view(
    request: HttpRequest, slot_id: int, *, slot_admin: ModelAdmin[Slot]
) -> HttpResponse:
    """What the policy of a slot is and did (GET); count, set, switch off, take back (POST)."""
    slot = get_object_or_404(Slot.objects.with_strength(), pk=slot_id)
    if not slot_admin.has_view_permission(request, slot):
        raise PermissionDenied
    policy = Policy.objects.filter(slot=slot).first() or Policy(slot=slot)
    page: dict[str, Any] = {
        "form": PolicyForm(initial={"bar": policy.bar, "covers_archive": policy.covers_archive}),
        "undo": UndoPolicyForm(),
    }
    if request.method == "POST":
        if not request.user.has_perm("related.change_policy"):
            raise PermissionDenied
        answer = ACTIONS.get(request.POST.get("action", ""), _count)(request, slot_admin, slot)
        if isinstance(answer, HttpResponse):
            return answer
        page |= answer
    context = {
        **slot_admin.admin_site.each_context(request),
        "title": _("Policy of “%(slot)s”") % {"slot": slot.name},
        "opts": Slot._meta,
        "slot": slot,
        "policy": policy,
        "may_set": request.user.has_perm("related.change_policy"),
        "may_be_on": slot.goes_by_similarity and slot.requires_approval and slot.is_active,
        "n_standing": approved_by_policy([slot]).count(),
        **page,
    }
    return TemplateResponse(request, "admin/related/slot/policy.html", context)


def _count(request: HttpRequest, slot_admin: ModelAdmin[Slot], slot: Slot) -> Answer:
    """What the bar means in scores now, what it would approve, and what editors said of such."""
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return {"form": form}
    bar = form.cleaned_data["bar"]
    decided = decided_by_slot([slot])[slot.pk]
    past = decided.where(slot.curve.chances(decided.scores) >= bar)
    return {
        "form": form,
        "above": count_above(slot, bar, seconds=SECONDS_TO_COUNT),
        "bar": bar,
        "score": slot.curve.score_for(bar),
        "n_past": len(past),
        "n_past_approved": int(past.approved.sum()),
    }


def _set(request: HttpRequest, slot_admin: ModelAdmin[Slot], slot: Slot) -> Answer:
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return {"form": form}
    bar, covers_archive = form.cleaned_data["bar"], form.cleaned_data["covers_archive"]
    set_policy(slot, bar, covers_archive=covers_archive, user=request.user)
    if covers_archive:
        after_commit(wake_up, [], Priority.BULK)
    said = _("Saved: links with a strength of %(bar)s or more approve themselves here.")
    return _say(request, slot_admin, slot, said % {"bar": number_format(bar, 2)})


def _switch_off(request: HttpRequest, slot_admin: ModelAdmin[Slot], slot: Slot) -> Answer:
    set_policy(slot, None, covers_archive=False, user=request.user)
    return _say(request, slot_admin, slot, _("Saved: nothing approves itself here."))


def _take_back(request: HttpRequest, slot_admin: ModelAdmin[Slot], slot: Slot) -> Answer:
    undo = UndoPolicyForm(request.POST)
    if not undo.is_valid():
        return {"undo": undo}
    since = undo.cleaned_data["since"]
    done = take_back([slot], user=request.user, since=since, seconds=SECONDS_TO_UNDO)
    message = ngettext(
        "%(n)d decision of the policy was taken back.",
        "%(n)d decisions of the policy were taken back.",
        done.n_undone,
    ) % {"n": done.n_undone}
    if done.n_waiting:
        rest = _("%(n)d are left: press the button again.") % {"n": done.n_waiting}
        message = f"{message} {rest}"
    return _say(request, slot_admin, slot, message)


ACTIONS: dict[str, Callable[[HttpRequest, ModelAdmin[Slot], Slot], Answer]] = {
    "set": _set,
    "off": _switch_off,
    "undo": _take_back,
}


def _say(
    request: HttpRequest, slot_admin: ModelAdmin[Slot], slot: Slot, message: str
) -> HttpResponse:
    """In the slot's history as well."""
    slot_admin.log_change(request, slot, message)
    slot_admin.message_user(request, message, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:related_slot_policy", args=[slot.pk]))
