"""Pages that nothing links to: the list behind the dashboard's number."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from related.admin.forms import QueueForm, query_of
from related.domain.decisions.permissions import may_look
from related.domain.desk.orphans import find_orphans, read_orphans
from related.domain.desk.queue import QueueAge, QueueFilter, queue_languages, queue_sections
from related.domain.reports.durations import describe_ago, seconds_between
from related.models import DailyCoverage, Document

PAGE_SIZE = 50


@require_safe
def orphans_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """One page of the list, filtered as the queue is."""
    if not may_look(request.user):
        raise PermissionDenied
    form = QueueForm(request.GET)
    wanted = form.wanted()
    page = form.number()
    start = (page - 1) * PAGE_SIZE
    rows = read_orphans(wanted, request.user, start, start + PAGE_SIZE + 1)
    last = DailyCoverage.objects.last_census()
    context = {
        **admin_site.each_context(request),
        "title": _("Pages that nothing links to"),
        "opts": Document._meta,
        "rows": rows[:PAGE_SIZE],
        "n": find_orphans(wanted, request.user).count(),
        "wanted": wanted,
        "is_filtered": wanted != QueueFilter(),
        "last_census": "" if last is None else describe_ago(seconds_between(last, timezone.now())),
        "sections": queue_sections(request.user),
        "languages": queue_languages(),
        "ages": QueueAge.choices,
        "page": page,
        "newer_query": query_of(wanted, page=page - 1) if page > 1 else "",
        "older_query": query_of(wanted, page=page + 1) if len(rows) > PAGE_SIZE else "",
    }
    return TemplateResponse(request, "admin/related/dashboard/orphans.html", context)
