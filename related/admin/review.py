"""The review page: one article and its proposal, to look at and to decide.

It works whole, as a page that is loaded anew; with JavaScript, htmx asks for what changed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from related.admin.actions import Refused, perform, read_press
from related.admin.forms import SearchForm, WhyForm, query_of
from related.admin.panel import answer_panel
from related.admin.records import review_url, with_query
from related.admin.typed import forget_typed, keep_typed, typed_before
from related.admin.visits import Visit, find_reviewable
from related.domain.attention.states import closed_state
from related.domain.decisions.permissions import may_look
from related.domain.decisions.undoing import last_step
from related.domain.desk.page import Desk, DeskLink, build_desk, find_links
from related.domain.desk.summary import read_text
from related.domain.desk.why import explain_card
from related.models import EditorSettings, Review

TEMPLATES = "admin/related/document/"
# Says that an answer is the desk's own, and not a page for logging in.
MARK = "X-Review-Desk"
LEAVES = {"agree", "done"}
OF_SUMMARY = {"publish_summary", "remove_summary"}


@require_http_methods(["GET", "HEAD", "POST"])
def review_view(
    request: HttpRequest,
    label: str,
    object_id: str,
    *,
    admin_site: AdminSite,
) -> HttpResponse:
    """Show the desk or a piece of it (GET), or decide (POST)."""
    if not may_look(request.user):
        raise PermissionDenied
    visit = Visit(request, *find_reviewable(request.user, label, object_id), admin_site)
    if request.method == "POST":
        answer = _decide(visit)
    elif visit.is_htmx and "why" in request.GET:
        answer = _explain(visit)
    elif visit.is_htmx and "q" in request.GET:
        answer = _search(visit)
    elif visit.is_panel:
        answer = answer_panel(request, visit.document, visit.obj)
    else:
        answer = _show(visit)
    answer[MARK] = "1"
    return answer


def _decide(visit: Visit) -> HttpResponse:
    request, document = visit.request, visit.document
    sent = read_press(request.POST)
    action = sent.get("action", "")
    if not (visit.may_mark if action == "sensitive" else visit.may_decide):
        raise PermissionDenied
    step = last_step(request.user, document) if action == "undo" else None
    # Asked before: afterwards the document may be in the list no more.
    following = visit.following() if action in LEAVES else None
    try:
        message = perform(document, visit.obj, request.user, sent)
    except Refused as refused:
        return _refuse(visit, str(refused), sent)
    if visit.is_panel:  # whoever is writing stays where she is
        return answer_panel(request, document, visit.obj, message=message)
    if action in LEAVES or action in OF_SUMMARY:
        forget_typed(request, document)
    else:
        keep_typed(request, document, visit.obj)
    if action in LEAVES:
        queue = with_query(reverse("admin:related_review_queue"), visit.query)
        return _go(visit, visit.address(following) if following else queue, message)
    if step is not None and (step.document != document or _touches_summary(step)):
        return _go(visit, visit.address(step.document), message)
    if visit.is_htmx:
        return _piece(visit, message, sent=sent)
    return _go(visit, _back(visit, sent), message)


def _touches_summary(step: Any) -> bool:
    return any(entry.target_id is None and entry.slot_id is None for entry in step.entries)


def _go(visit: Visit, address: str, message: str) -> HttpResponse:
    messages.success(visit.request, message)
    if visit.is_htmx:
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _refuse(visit: Visit, reason: str, sent: QueryDict) -> HttpResponse:
    """Say why nothing was saved, beside what is there now; what was typed stays."""
    if visit.is_panel:
        return answer_panel(visit.request, visit.document, visit.obj, message=reason, status=409)
    if visit.is_htmx:
        return _piece(visit, reason, sent=sent, status=409)
    messages.error(visit.request, reason)
    if sent.get("action") in {*OF_SUMMARY, "agree"}:
        return _show(visit, summary_text=visit.request.POST.get("text"), status=409)
    keep_typed(visit.request, visit.document, visit.obj)
    return HttpResponseRedirect(_back(visit, sent))


def _back(visit: Visit, sent: QueryDict) -> str:
    """The same page, at the slot that the editor was in, with the search still open."""
    action, key = sent.get("action", ""), sent.get("slot", "")
    slug = "".join(character for character in key if character.isalnum() or character in "-_")
    anchor = "#summary" if action in OF_SUMMARY else f"#slot-{slug}" if slug else ""
    query = visit.query
    if sent.get("q"):
        query = "&".join(filter(None, [query, urlencode({"to": key, "q": sent["q"]})]))
    return with_query(review_url(visit.document), query) + anchor


def _piece(visit: Visit, message: str, *, sent: QueryDict, status: int = 200) -> HttpResponse:
    """The proposal as it is now, with a message; the summary's state where that has changed."""
    desk = build_desk(visit.document, visit.obj, visit.request.user)
    is_refused = status != 200
    hidden = [] if is_refused else _hidden_links(desk, sent)
    context = {
        **_context(visit, desk),
        "message": " ".join([message, *hidden]),
        "is_refused": is_refused,
        "with_summary": not is_refused and sent.get("action") in OF_SUMMARY,
        "summary_text": desk.summary.proposal,
    }
    if sent.get("action") == "keys":
        context["has_keys"] = _has_keys(visit.request.user)
    html = render_to_string(f"{TEMPLATES}desk/answer.html", context, visit.request)
    return HttpResponse(html, status=status)


def _hidden_links(desk: Desk, sent: QueryDict) -> list[str]:
    """Why the link that was just approved does not show on the page, if it does not."""
    approved = [
        link for slot in desk.slots if slot.key == sent.get("slot") for link in slot.approved
    ]
    return [
        _("Note: %(why)s.") % {"why": link.remark}
        for link in approved
        if link.target.label == sent.get("target") and link.remark and not link.is_on_page
    ]


def _explain(visit: Visit) -> HttpResponse:
    form = WhyForm(visit.request.GET)
    target = form.cleaned_data["why"] if form.is_valid() else None
    terms = explain_card(visit.document, visit.obj, target, visit.request.user) if target else []
    return TemplateResponse(visit.request, f"{TEMPLATES}desk/why.html", {"terms": terms})


def _search(visit: Visit) -> HttpResponse:
    desk = build_desk(visit.document, visit.obj, visit.request.user)
    search = SearchForm(visit.request.GET)
    context = {**_context(visit, desk), "search": search, "found": _found(desk, search)}
    return TemplateResponse(visit.request, f"{TEMPLATES}desk/found.html", context)


def _context(visit: Visit, desk: Desk) -> dict[str, Any]:
    may = {"may_decide": visit.may_decide, "may_mark": visit.may_mark}
    return {"desk": desk, **may, "query": visit.query}


def _show(visit: Visit, *, summary_text: str | None = None, status: int = 200) -> HttpResponse:
    request, document = visit.request, visit.document
    desk = build_desk(document, visit.obj, request.user)
    search = SearchForm(request.GET if "q" in request.GET else None)
    typed = typed_before(request, document) if summary_text is None else summary_text
    # Which sentences make the draft, while there is something to be done with it.
    draft = "" if desk.summary.is_current else desk.summary.draft
    paragraphs, is_cut = read_text(document, visit.obj, draft)
    following, before = visit.following(), visit.following(newer=True)
    queue = reverse("admin:related_review_queue")
    context = {
        **visit.admin_site.each_context(request),
        **_context(visit, desk),
        "title": _("Review links"),
        "opts": Review._meta,
        "search": search,
        "found": _found(desk, search),
        "paragraphs": paragraphs,
        "is_cut": is_cut,
        "is_drafted": bool(draft),
        "closed": closed_state(document),
        "summary_text": desk.summary.proposal if typed is None else typed,
        "next_url": visit.address(following) if following else "",
        "previous_url": visit.address(before) if before else "",
        "queue_url": with_query(queue, query_of(visit.form.wanted(), at=document.pk)),
        "change_url": _change_url(visit),
        "filter_fields": list(QueryDict(visit.query).items()),
        "has_keys": _has_keys(request.user),
    }
    return TemplateResponse(request, f"{TEMPLATES}review.html", context, status=status)


def _has_keys(user: Any) -> bool:
    row = EditorSettings.objects.filter(user=user).values_list("has_single_keys", flat=True)
    return bool(next(iter(row), True))


def _found(desk: Desk, search: SearchForm) -> list[DeskLink]:
    if not search.is_bound or not search.is_valid():
        return []
    wanted = search.cleaned_data["to"]
    slot = next((slot for slot in desk.slots if slot.slot == wanted), None)
    return find_links(desk, slot, search.cleaned_data["q"]) if slot else []


def _change_url(visit: Visit) -> str:
    """The article's own page in the admin, for those who may open it."""
    opts = visit.obj._meta
    if not visit.request.user.has_perm(f"{opts.app_label}.view_{opts.model_name}"):
        return ""
    try:
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        return reverse(name, args=[visit.obj.pk], current_app=visit.admin_site.name)
    except NoReverseMatch:
        return ""
