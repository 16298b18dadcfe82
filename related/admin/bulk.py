"""In bulk: an editor says what shall become of many links, and is shown which they are."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from related.admin.bulk_forms import FORMS, ApproveForm
from related.admin.bulk_words import bulk_filter, describe, describe_filter
from related.admin.forms import QueueForm, find_targets
from related.domain.desk.queue import QueueFilter
from related.domain.desk.targets import load_targets
from related.domain.documents.searching import search_documents
from related.domain.operations.preparing import prepare
from related.enums import BulkKind
from related.models import BulkOperation, Review

SHOWN = 20  # of the latest operations
MOST_FOUND = 10
Forms = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """Ask what to do (GET), or find the links and go to their preview (POST)."""
    if not request.user.has_perm("related.change_decision"):
        raise PermissionDenied
    wanted, query = bulk_filter(QueueForm(request.GET))
    forms: Forms = {name: form(**_initial(request, name)) for name, form in FORMS.items()}
    status = 200
    if request.method == "POST":
        name = request.POST.get("what", "")
        if name in FORMS:
            forms[name] = form = FORMS[name](request.POST)
            if form.is_valid():
                return _preview(request, form, wanted, query)
            status = 422
    context = admin_site.each_context(request) | _context(request, wanted, query)
    template = "admin/related/document/bulk.html"
    return TemplateResponse(request, template, context | {"forms": forms}, status=status)


def _initial(request: HttpRequest, name: str) -> dict[str, Any]:
    if name != ApproveForm.kind:
        return {}
    strength = request.GET.get("strength")
    return {"initial": {"chance": "0.2"}} if strength == "fair" else {}


def _preview(request: HttpRequest, form: Any, wanted: QueueFilter, query: str) -> HttpResponse:
    plan = form.plan(wanted, request.user)
    here = reverse("admin:related_bulk")
    if not len(plan.links):
        nothing = _("There is nothing to change: no link is like that in these pages.")
        if plan.n_kept and form.kind == BulkKind.APPROVE:
            nothing = _("There is nothing to change: all of it is on sensitive articles.")
        elif plan.n_kept:
            nothing = _("There is nothing to change: somebody changed all of it since.")
        messages.warning(request, nothing)
        return HttpResponseRedirect(f"{here}?{request.GET.urlencode()}")
    options = form.options() | {"query": query}
    operation = prepare(form.kind, plan, user=request.user, options=options)
    return HttpResponseRedirect(reverse("admin:related_bulk_operation", args=[operation.pk]))


def _context(request: HttpRequest, wanted: QueueFilter, query: str) -> dict[str, Any]:
    words = request.GET.get("q", "")[:200]
    label = request.POST.get("target") or request.GET.get("target", "")
    chosen = find_targets([label]).get(label)
    found = search_documents(words, limit=MOST_FOUND) if words and not chosen else []
    targets = load_targets([*found, *([chosen] if chosen else [])], request.user)
    return {
        "title": _("In bulk"),
        "opts": Review._meta,
        "filter": describe_filter(wanted),
        "filter_fields": list(QueryDict(query).items()),
        "query": query,
        "words": words,
        "target": targets[chosen.pk] if chosen else None,
        "found": [t for t in (targets[document.pk] for document in found) if t.is_readable],
        "operations": _latest(),
    }


def _latest() -> list[tuple[BulkOperation, str]]:
    """The latest operations in words; two queries."""
    begun = BulkOperation.objects.light().begun().select_related("user").order_by("-created_at")
    rows = list(begun[:SHOWN])
    undone = BulkOperation.objects.light().in_bulk([row.undoes for row in rows if row.undoes])
    return [(row, describe(row, undone.get(row.undoes))) for row in rows]
