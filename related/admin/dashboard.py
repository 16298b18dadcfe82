"""The dashboard: what the site's links are like, whether the work is being done, what failed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from related.admin.dashboard_coverage import read_coverage
from related.admin.dashboard_decisions import read_approvals, read_decisions
from related.admin.dashboard_figures import admin_list, review_figures, work_figures
from related.admin.retrying import Retried, retry_documents
from related.conf import conf
from related.domain.attention.checking import recent_check
from related.domain.decisions.permissions import may_look
from related.domain.reports.coverage import measure_coverage
from related.domain.reports.decided import DAYS, DAYS_OF_RATES
from related.domain.reports.durations import describe_ago, describe_duration, seconds_between
from related.domain.reports.health import measure_work
from related.domain.reports.rebuild_state import RebuildState, describe_latest_run
from related.enums import Priority, RunStatus
from related.models import DailyCoverage, Document
from related.wakeups import wake_up


@require_http_methods(["GET", "HEAD", "POST"])
def dashboard_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """Show it (GET), a running rebuild's bar alone (GET by htmx), or retry what failed (POST)."""
    if not request.user.has_perm("related.view_document"):
        raise PermissionDenied
    if request.method == "POST":
        return _retry(request)
    if request.headers.get("HX-Request"):
        rebuild = _rebuild_words(describe_latest_run(timezone.now()))
        return TemplateResponse(request, "admin/related/dashboard/rebuild.html", rebuild)
    coverage = measure_coverage()
    health = measure_work(coverage, recent_check.get())
    if health.n_states_outdated:
        wake_up([], Priority.BULK)
    user = request.user
    context = {
        **admin_site.each_context(request),
        "title": _("Dashboard"),
        "opts": Document._meta,
        "health": health,
        "max_attempts": conf.max_attempts,
        "figures": [*review_figures(user), *work_figures(health, user)],
        "coverage": read_coverage(user, coverage, request.GET.get("section")),
        "last_census": _describe_census(),
        "decisions": read_decisions(user),
        "n_days": DAYS,
        "approvals": read_approvals(user),
        "n_days_of_rates": DAYS_OF_RATES,
        "failed_url": admin_list(user, "document", {"state": "failed"}),
        "working_url": admin_list(user, "document", {"state": "working"}),
        "documents_url": admin_list(user, "document", {}),
        "may_retry": user.has_perm("related.change_document"),
        "may_open_desk": may_look(user),
        **_rebuild_words(health.rebuild),
    }
    return TemplateResponse(request, "admin/related/dashboard/page.html", context)


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
    return HttpResponseRedirect(reverse("admin:related_dashboard"))


def _describe_census() -> str:
    last = DailyCoverage.objects.last_census()
    return "" if last is None else describe_ago(seconds_between(last, timezone.now()))


def _rebuild_words(rebuild: RebuildState | None) -> dict[str, Any]:
    return {"rebuild": rebuild, "rebuild_words": _describe_rebuild(rebuild) if rebuild else ""}


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
