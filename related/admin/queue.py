"""The review queue: which articles wait for an editor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from related.admin.forms import QueueForm
from related.domain.decisions.permissions import may_look
from related.domain.desk.queue import (
    QueueFilter,
    QueueState,
    find_queue,
    queue_languages,
    queue_rows,
    queue_sections,
)
from related.models import Review

PAGE_SIZE = 50


@require_safe
def queue_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """One page of the queue. It is not counted to its end: an archive may hold a million."""
    if not may_look(request.user):
        raise PermissionDenied
    wanted, page = QueueForm(request.GET).wanted()
    start = (page - 1) * PAGE_SIZE
    documents = list(find_queue(wanted, request.user)[start : start + PAGE_SIZE + 1])
    is_last = len(documents) <= PAGE_SIZE
    context = {
        **admin_site.each_context(request),
        "title": _("Review queue"),
        "opts": Review._meta,
        "rows": queue_rows(documents[:PAGE_SIZE]),
        "wanted": wanted,
        "states": [
            (state.label, _query(wanted, state=state), state == wanted.state)
            for state in QueueState
        ],
        "sections": queue_sections(request.user),
        "languages": queue_languages(),
        "page": page,
        "newer_query": _query(wanted, page=page - 1) if page > 1 else "",
        "older_query": "" if is_last else _query(wanted, page=page + 1),
    }
    return TemplateResponse(request, "admin/related/document/queue.html", context)


def _query(wanted: QueueFilter, **changes: Any) -> str:
    """The query string of the same list with other values."""
    values = {
        "state": wanted.state.value,
        "section": wanted.section,
        "language": wanted.language,
        "q": wanted.text,
    } | changes
    return urlencode({name: value for name, value in values.items() if value})
