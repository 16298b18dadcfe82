"""The health page: is the work being done, what failed, and a button to try it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from related.admin.retrying import Retried, retry_documents
from related.conf import conf
from related.domain.decisions.permissions import may_look
from related.domain.reports.durations import describe_ago, describe_duration
from related.domain.reports.health import Health, measure_health
from related.domain.reports.hidden_links import HiddenLink
from related.domain.reports.rebuild_state import RebuildState
from related.enums import Priority, RunStatus
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
        "title": _("Health"),
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
    sentences = [str(retried)]
    if not (retried.n_marked or retried.n_refused):
        sentences.append(_("It may already have been processed."))
    messages.add_message(request, level, " ".join(sentences))
    return HttpResponseRedirect(reverse("admin:related_health"))


def _words(health: Health) -> dict[str, Any]:
    """What the template shows beside the numbers."""
    rebuild = health.rebuild
    names = {slot.key: slot.name for slot in Slot.objects.active()}
    return {
        "oldest": describe_duration(health.oldest_waiting_seconds),
        "max_attempts": conf.max_attempts,
        "last_rebuild": describe_ago(health.last_rebuild_seconds),
        "rebuild_words": _describe_rebuild(rebuild) if rebuild else "",
        "lost_links": _with_address(health.lost_links),
        "coming_links": _with_address(health.coming_links),
        "empty_slots": [(names[key], n) for key, n in health.empty_slots.items()],
        "documents_url": reverse("admin:related_document_changelist"),
    }


def _with_address(links: list[HiddenLink]) -> list[tuple[HiddenLink, str]]:
    """Each link with the review page of the article that it stands on."""
    name = "admin:related_document_review"
    return [(link, reverse(name, args=link.document.split(":", 1))) for link in links]


def _describe_rebuild(rebuild: RebuildState) -> str:
    """How the latest rebuild is getting on, or how it ended."""
    if rebuild.status != RunStatus.RUNNING:
        ended = {
            RunStatus.FINISHED: _("The latest rebuild finished %(ago)s."),
            RunStatus.FAILED: _("The latest rebuild failed %(ago)s."),
            RunStatus.STOPPED: _("The latest rebuild was stopped %(ago)s."),
        }
        return ended[RunStatus(rebuild.status)] % {"ago": describe_ago(rebuild.age_seconds)}
    names = {
        "duration": describe_duration(rebuild.age_seconds),
        "phase": rebuild.phase,
        "n_done": rebuild.n_done,
        "n_documents": rebuild.n_documents,
        "remaining": describe_duration(rebuild.remaining_seconds),
    }
    if not rebuild.phase:
        return _("Running for %(duration)s: starting.") % names
    if rebuild.remaining_seconds is None:
        message = _("Running for %(duration)s: %(phase)s, %(n_done)d of %(n_documents)d.")
    else:
        message = _(
            "Running for %(duration)s: %(phase)s, %(n_done)d of %(n_documents)d, %(remaining)s "
            "left of this phase."
        )
    return message % names
