"""The health page: is the work being done, what failed, and a button to try it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from related.admin.retrying import Retried, retry_documents
from related.conf import conf
from related.domain.decisions.permissions import may_look
from related.domain.reports.durations import describe_duration
from related.domain.reports.health import Health, measure_health
from related.enums import Priority
from related.models import Document, Slot


@require_http_methods(["GET", "HEAD", "POST"])
def health_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """Show the facts of ``related_health`` (GET), or retry what failed and come back (POST)."""
    if not request.user.has_perm("related.view_document"):
        raise PermissionDenied
    if request.method == "POST":
        return _retry(request)
    context = {
        **admin_site.each_context(request),
        "title": "Health",
        "opts": Document._meta,
        "health": measure_health(),
        "may_retry": request.user.has_perm("related.change_document"),
        "may_open_desk": may_look(request.user),
    }
    context |= _words(context["health"])
    return TemplateResponse(request, "admin/related/document/health.html", context)


def _retry(request: HttpRequest) -> HttpResponse:
    """One document, by its row's id, or all that were set aside."""
    if not request.user.has_perm("related.change_document"):
        raise PermissionDenied
    failed = Document.objects.failed()
    wanted = request.POST.get("document", "")
    if wanted == "all":
        retried = retry_documents(request.user, list(failed), Priority.BULK)
    elif wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        document = list(failed.filter(pk=int(wanted)))
        retried = retry_documents(request.user, document, Priority.PUBLISH)
    else:
        retried = Retried(0, 0)
    level = messages.SUCCESS if retried.n_marked else messages.WARNING
    note = "" if retried.n_marked or retried.n_refused else " It may have been worked off already."
    messages.add_message(request, level, f"{retried}{note}")
    return HttpResponseRedirect(reverse("admin:related_health"))


def _words(health: Health) -> dict[str, Any]:
    """What the template shows beside the numbers."""
    rebuild = health.rebuild
    names = {slot.key: slot.name for slot in Slot.objects.active()}
    return {
        "oldest": describe_duration(health.oldest_waiting_seconds),
        "max_attempts": conf.max_attempts,
        "last_rebuild": describe_duration(health.last_rebuild_seconds, "never", " ago"),
        "rebuild_age": describe_duration(rebuild.age_seconds) if rebuild else "",
        "remaining": describe_duration(rebuild.remaining_seconds) if rebuild else "",
        "empty_slots": [(names[key], n) for key, n in health.empty_slots.items()],
        "documents_url": reverse("admin:related_document_changelist"),
    }
