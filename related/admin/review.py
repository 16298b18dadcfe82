"""The review page: one article's slots, to look at and to decide."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from related.admin.actions import Refused, perform
from related.admin.forms import SearchForm
from related.admin.records import review_url
from related.domain.decisions.permissions import may_look, may_review
from related.domain.desk.page import Desk, DeskLink, build_desk, find_links
from related.domain.desk.queue import next_to_review
from related.domain.documents.lookup import find_object
from related.domain.documents.marking import document_of, ensure_document
from related.domain.transactions import after_commit
from related.enums import Priority
from related.models import Document, Review
from related.registry import source_for_label
from related.wakeups import wake_up


@require_http_methods(["GET", "HEAD", "POST"])
def review_view(
    request: HttpRequest,
    label: str,
    object_id: str,
    *,
    admin_site: AdminSite,
) -> HttpResponse:
    """Show the desk (GET), or decide and come back to it (POST)."""
    if not may_look(request.user):
        raise PermissionDenied
    document, obj = _find(label, object_id)
    if request.method == "POST":
        return _decide(request, document, obj, admin_site)
    return _show(request, document, obj, admin_site)


def _find(label: str, object_id: str) -> tuple[Document, Any]:
    try:
        source = source_for_label(label)
    except LookupError:
        raise Http404(_("Nothing of this type can be reviewed.")) from None
    obj = find_object(source, object_id, public=False)
    if obj is None:
        raise Http404(_("There is no such article, or it is neither published nor scheduled."))
    document = document_of(obj)
    if document is None:  # saved without a signal; no reason to wait for the nightly reconcile
        with transaction.atomic():
            document = ensure_document(obj)
            after_commit(wake_up, [document.pk], Priority.PUBLISH)
    return document, obj


def _decide(
    request: HttpRequest, document: Document, obj: Any, admin_site: AdminSite
) -> HttpResponse:
    if not may_review(request.user, document, obj):
        raise PermissionDenied
    try:
        messages.success(request, perform(document, obj, request.user, request.POST))
    except Refused as refused:
        messages.error(request, str(refused))
        if request.POST.get("action") == "publish_summary":
            # What the editor wrote must not be lost; beside it stands what is there now.
            text = request.POST.get("text", "")
            return _show(request, document, obj, admin_site, summary_text=text, status=409)
    return HttpResponseRedirect(_back(request, document))


def _back(request: HttpRequest, document: Document) -> str:
    """The same page, at the slot that the editor was in, with the search still open."""
    url = review_url(document)
    place = SearchForm({"slot": request.POST.get("slot"), "q": request.POST.get("q", "")})
    place.full_clean()
    slot = place.cleaned_data.get("slot")
    if slot is None:
        return f"{url}#summary" if "summary" in request.POST.get("action", "") else url
    query = {"slot": slot.key, "q": place.cleaned_data.get("q", "")}
    return f"{url}?{urlencode(query)}#slot-{slot.key}" if query["q"] else f"{url}#slot-{slot.key}"


def _show(
    request: HttpRequest,
    document: Document,
    obj: Any,
    admin_site: AdminSite,
    *,
    summary_text: str | None = None,
    status: int = 200,
) -> HttpResponse:
    desk = build_desk(document, obj, request.user)
    search = SearchForm(request.GET if "q" in request.GET else None)
    following = next_to_review(document, request.user)
    context = {
        **admin_site.each_context(request),
        "title": _("Review links"),
        "opts": Review._meta,
        "desk": desk,
        "may_decide": may_review(request.user, document, obj),
        "search": search,
        "found": _found(desk, search),
        "summary_text": desk.summary.proposal if summary_text is None else summary_text,
        "next_url": review_url(following) if following else "",
        "change_url": _change_url(request, obj, admin_site),
    }
    return TemplateResponse(request, "admin/related/document/review.html", context, status=status)


def _found(desk: Desk, search: SearchForm) -> list[DeskLink]:
    if not search.is_bound or not search.is_valid():
        return []
    wanted = search.cleaned_data["slot"]
    slot = next((slot for slot in desk.slots if slot.slot == wanted), None)
    return find_links(desk, slot, search.cleaned_data["q"]) if slot else []


def _change_url(request: HttpRequest, obj: Any, admin_site: AdminSite) -> str:
    """The article's own page in the admin, for those who may open it."""
    opts = obj._meta
    if not request.user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
        return ""
    try:
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return reverse(name, args=[obj.pk], current_app=admin_site.name)
    except NoReverseMatch:
        return ""
