"""The page of one trial: what was seen of A and B, and which of them stays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from related.contrib.clicks.judging import Side, judge
from related.contrib.clicks.models import Trial
from related.contrib.clicks.trying import TrialEnded, end_trial


@require_http_methods(["GET", "HEAD", "POST"])
def trial_view(
    request: HttpRequest, trial_id: int, *, trial_admin: ModelAdmin[Trial]
) -> HttpResponse:
    trial = get_object_or_404(Trial.objects.select_related("slot", "started_by"), pk=trial_id)
    if not trial_admin.has_view_permission(request, trial):
        raise PermissionDenied
    may_end = request.user.has_perm("related.change_slot")
    if request.method == "POST":
        if not may_end:
            raise PermissionDenied
        return _end(request, trial, trial_admin)
    outcome = judge(trial)
    context = {
        **trial_admin.admin_site.each_context(request),
        "title": _("Trial of “%(slot)s”") % {"slot": trial.slot.name},
        "opts": Trial._meta,
        "trial": trial,
        "outcome": outcome,
        "sides": [("A", *_percents(outcome.a)), ("B", *_percents(outcome.b))],
        "may_end": may_end and trial.ended_at is None,
    }
    return TemplateResponse(request, "admin/related/clicks/trial.html", context)


def _percents(side: Side) -> tuple[Side, float, float, float]:
    return side, 100 * (side.share or 0.0), 100 * side.low, 100 * side.high


def _end(request: HttpRequest, trial: Trial, trial_admin: Any) -> HttpResponse:
    here = HttpResponseRedirect(reverse("admin:related_clicks_trial_change", args=[trial.pk]))
    kept = request.POST.get("kept", "")
    if kept not in {"a", "b"}:
        return here
    before = trial.slot.count
    try:
        slot = end_trial(trial, kept)
    except TrialEnded:
        trial_admin.message_user(request, _("This trial has ended already."), messages.WARNING)
        return here
    message = _("The trial has ended: %(variant)s stays.") % {"variant": kept.upper()}
    trial_admin.log_change(request, trial, message)
    trial_admin.log_change(request, slot, message)
    trial_admin.message_user(request, message, messages.SUCCESS)
    if slot.count != before:
        text = _(
            "The suggestions for “%(slot)s” follow the new rule after the next rebuild: "
            "at night, or at once with `manage.py rebuild_related`."
        )
        trial_admin.message_user(request, text % {"slot": slot.key}, messages.INFO)
    return here
