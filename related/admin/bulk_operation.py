"""One operation in bulk: its preview, its progress, how it went, and the way to take it back.

It works without JavaScript: where no worker changes the links, the page that shows the progress
does so some at a time. That was ordered by a POST; a GET only goes on with it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from related.admin.bulk_words import describe, describe_filter, describe_result
from related.admin.forms import QueueForm
from related.admin.spreadsheets import CONTENT_TYPE, csv_lines
from related.conf import conf
from related.domain.decisions.permissions import may_look
from related.domain.operations.preparing import take_back, undone_by
from related.domain.operations.reading import ShownLink, read_all, read_links, slots_of
from related.domain.operations.running import start, stop, work_on
from related.domain.operations.sets import LinkSet
from related.domain.transactions import after_commit
from related.enums import BulkKind, BulkState
from related.models import BulkOperation, DecisionLog, Review
from related.wakeups import call_for_bulk, has_broker

PAGE_SIZE = 100
SECONDS_PER_REQUEST = 2.0
TEMPLATES = "admin/related/document/"


@require_http_methods(["GET", "HEAD", "POST"])
def operation_view(request: HttpRequest, key: UUID, *, admin_site: AdminSite) -> HttpResponse:
    """Show an operation (GET), or begin it, stop it, take it back (POST)."""
    operation = _find(request, key)
    if request.method == "POST":
        return _press(request, operation)
    is_htmx = bool(HtmxDetails(request))
    if request.method == "GET" and "go" in request.GET and _may_decide(request):
        _take_turn(operation)
        operation.refresh_from_db()
    if is_htmx and operation.state != BulkState.RUNNING:
        return HttpResponseClientRefresh()
    context = {"operation": operation, "results": describe_result(operation)}
    if is_htmx:
        return TemplateResponse(request, f"{TEMPLATES}bulk/progress.html", context)
    context |= {**admin_site.each_context(request), **_context(request, operation)}
    return TemplateResponse(request, f"{TEMPLATES}bulk_operation.html", context)


@require_safe
def links_view(request: HttpRequest, key: UUID) -> StreamingHttpResponse:
    """All links of an operation, as a table for spreadsheets."""
    operation = _find(request, key)
    head = [_("article"), _("title"), _("slot"), _("linked article"), _("its title")]
    head += [_("strength"), _("now"), _("then")]
    rows = map(_values, read_all(operation, LinkSet.unpack(operation.links)))
    answer = StreamingHttpResponse(csv_lines(head, rows), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="links-{operation.pk}.csv"'
    return answer


def _find(request: HttpRequest, key: UUID) -> BulkOperation:
    if not may_look(request.user):
        raise PermissionDenied
    operation = BulkOperation.objects.light().select_related("user").filter(pk=key).first()
    if operation is None:
        raise Http404(_("There is no such operation; a preview that nobody began is kept a day."))
    return operation


def _may_decide(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("related.change_decision"))


def _is_theirs(request: HttpRequest, operation: BulkOperation) -> bool:
    """Begun and gone on with by the editor in whose name it is; stopped by whoever decides."""
    return _may_decide(request) and operation.user_id == request.user.pk


def _press(request: HttpRequest, operation: BulkOperation) -> HttpResponse:
    if not _may_decide(request):
        raise PermissionDenied
    press = PRESSES.get(request.POST.get("action", ""))
    shown = press(request, operation) if press else operation
    return HttpResponseRedirect(reverse("admin:related_bulk_operation", args=[shown.pk]))


def _start(request: HttpRequest, operation: BulkOperation) -> BulkOperation:
    if not _is_theirs(request, operation):
        raise PermissionDenied
    if start(operation):
        after_commit(call_for_bulk, str(operation.pk))
    return operation


def _stop(request: HttpRequest, operation: BulkOperation) -> BulkOperation:
    if stop(operation):
        messages.success(request, _("Stopped. What is changed stays, until you take it back."))
    return operation


def _take_back(request: HttpRequest, operation: BulkOperation) -> BulkOperation:
    undo = take_back(operation, user=request.user)
    if undo is None:
        messages.warning(request, _("There is nothing to take back: all of it changed since."))
        return operation
    after_commit(call_for_bulk, str(undo.pk))
    return undo


PRESSES = {"start": _start, "stop": _stop, "undo": _take_back}


def _take_turn(operation: BulkOperation) -> None:
    """Change some links in this request, where no worker does."""
    at = operation.progressed_at
    is_idle = at is None or (timezone.now() - at).total_seconds() > conf.silence_seconds
    if operation.state == BulkState.RUNNING and (is_idle or not has_broker()):
        work_on(operation.pk, seconds=SECONDS_PER_REQUEST)


def _context(request: HttpRequest, operation: BulkOperation) -> dict[str, Any]:
    links = LinkSet.unpack(operation.links)
    page = Paginator(range(len(links)), PAGE_SIZE).get_page(request.GET.get("page"))
    is_running = operation.state == BulkState.RUNNING
    first, last = page.start_index() - 1, page.end_index()
    undone = None
    if operation.undoes:
        undone = BulkOperation.objects.light().filter(pk=operation.undoes).first()
    asked = QueueForm(QueryDict(operation.options.get("query", "")))
    n_documents = links.n_documents()
    return {
        "title": describe(operation, undone),
        "opts": Review._meta,
        "is_theirs": _is_theirs(request, operation),
        "may_decide": _may_decide(request),
        "is_still": "still" in request.GET,
        "filter": describe_filter(asked.wanted()),
        "undone": undone,
        "undone_by": undone_by(operation),
        # A command that was killed did not say how many.
        "can_undo": operation.kind != BulkKind.UNDO
        and DecisionLog.objects.filter(operation=operation.pk).exists(),
        "documents": ngettext("%(n)d article", "%(n)d articles", n_documents) % {"n": n_documents},
        "slots": slots_of(links),
        "page": page,
        "rows": [] if is_running else read_links(operation, links, first, last),
    }


def _values(link: ShownLink) -> tuple[str, ...]:
    strength = "" if link.strength is None else f"{link.strength:.2f}"
    ends = (link.document.label, link.title, link.slot.key, link.target.label, link.target_title)
    return (*ends, strength, link.now, link.then)
