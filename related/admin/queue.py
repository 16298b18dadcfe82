"""The review queue: which articles wait for an editor, and why."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from related.admin.forms import QueueForm, query_of
from related.admin.records import review_url
from related.domain.decisions.permissions import may_look
from related.domain.desk.counts import count_queue
from related.domain.desk.queue import (
    QueueAge,
    QueueFilter,
    QueueState,
    QueueSummary,
    find_queue,
    place_in_queue,
    queue_languages,
    queue_sections,
    read_queue,
)
from related.enums import Strength
from related.models import Review, Slot

PAGE_SIZE = 50


@require_safe
def start_view(request: HttpRequest) -> HttpResponse:
    """Open the first article of a filter's list, or the list where there is none."""
    if not may_look(request.user):
        raise PermissionDenied
    wanted = QueueForm(request.GET).wanted()
    rows = find_queue(wanted, request.user).select_related("document")
    first = rows.first() if wanted.state != QueueState.FAILED else None
    address = review_url(first.document) if first else reverse("admin:related_review_queue")
    query = query_of(wanted)
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


@require_safe
def queue_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """One page of the queue."""
    if not may_look(request.user):
        raise PermissionDenied
    form = QueueForm(request.GET)
    wanted = form.wanted()
    page = form.number()
    at = form.cleaned_data.get("at")
    if at:
        page = place_in_queue(at, wanted, request.user) // PAGE_SIZE + 1
    start = (page - 1) * PAGE_SIZE
    rows = read_queue(wanted, request.user, start, start + PAGE_SIZE + 1)
    counts = count_queue(request.user)
    context = {
        **admin_site.each_context(request),
        "title": _("Review queue"),
        "opts": Review._meta,
        "rows": rows[:PAGE_SIZE],
        "wanted": wanted,
        "at": at,
        "query": query_of(wanted),
        "is_filtered": wanted != QueueFilter(state=wanted.state),
        "counts": counts,
        "states": [
            (state.label, query_of(wanted, state=state, reason=""), state == wanted.state, n)
            for state, n in counts.by_state.items()
        ],
        "reasons": [
            (
                reason.label,
                query_of(wanted, state="", reason=reason.value),
                n,
                reason == wanted.reason,
            )
            for reason, n in counts.by_reason.items()
            if n
        ],
        "sections": queue_sections(request.user),
        "languages": queue_languages(),
        "slots": [
            (slot.key, slot.name) for slot in Slot.objects.active() if slot.requires_approval
        ],
        "strengths": [
            (each.value, _("%(strength)s or more") % {"strength": each.label})
            for each in (Strength.STRONG, Strength.FAIR)
        ],
        "ages": QueueAge.choices,
        "summaries": QueueSummary.choices,
        "policies": [("on", _("a policy"))],
        "policy": "on" if wanted.by_policy else "",
        "page": page,
        "newer_query": query_of(wanted, page=page - 1) if page > 1 else "",
        "older_query": query_of(wanted, page=page + 1) if len(rows) > PAGE_SIZE else "",
    }
    return TemplateResponse(request, "admin/related/document/queue.html", context)
