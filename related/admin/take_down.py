"""Before articles leave the site: any ModelAdmin shows the pages that link there, and one press
takes the articles down and fills the places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.admin.forms import MAX_VERSION, SlotForm, TargetField
from related.admin.records import review_url
from related.domain.decisions.permissions import may_look, may_review
from related.domain.decisions.writing import LinkRef
from related.domain.documents.loading import load_objects
from related.domain.takedown.filling import Filled, Filling, fill
from related.domain.takedown.holes import MOST_PAGES
from related.domain.takedown.waiting import UnseenLink
from related.enums import ReviewReason
from related.links import documents_of, pages_linking_to, unseen_links
from related.models import Document

__all__ = ["TakeDownAdmin"]

TEMPLATES = "admin/related/take_down/"
CONFIRMED = "_take_down"
N_NAMED = 10  # links that one message names
MOST_FILLED = MOST_PAGES * 20


class FillForm(SlotForm):
    """One place, as ``Hole.fields`` writes it."""

    page = TargetField()
    old = TargetField()
    old_version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)
    target = TargetField()
    version = forms.IntegerField(min_value=0, max_value=MAX_VERSION)


class TakeDownAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in stubs only
    """Asks before objects of a registered model leave the site: by ``take_down``, which an action
    or a view calls, and by the admin's own delete, of one and of many."""

    delete_confirmation_template = f"{TEMPLATES}delete.html"
    delete_selected_confirmation_template = f"{TEMPLATES}delete_selected.html"

    def take_down(
        self,
        request: HttpRequest,
        objects: Sequence[Model],
        leave: Callable[[], Iterable[Model]],
        *,
        title: str,
        button: str,
    ) -> HttpResponse | None:
        """Let objects leave the site, once the editor has seen which pages link to them.

        Args:
            leave: takes them down, and returns those that left.
            title: of the page that asks, such as "Before you withdraw 2 articles".
            button: what is pressed there, such as "Withdraw".

        Returns:
            The page that asks; None once it is done. Where no page links there, nobody is asked.
        """
        pages = pages_linking_to(objects, request.user)
        if request.method != "POST" or (pages and CONFIRMED not in request.POST):
            names = request.POST.keys() - {"csrfmiddlewaretoken", "fill", CONFIRMED}
            context = {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "objects": objects,
                "linking": pages,
                "button": button,
                "resent": [(name, v) for name in names for v in request.POST.getlist(name)],
            }
            return TemplateResponse(request, f"{TEMPLATES}before.html", context)
        self._fill(request, documents_of(leave()))
        return None

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        documents = documents_of([obj])
        super().delete_model(request, obj)
        self._fill(request, documents)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        documents = documents_of(queryset)
        super().delete_queryset(request, queryset)
        self._fill(request, documents)

    def warn_of_unseen_links(self, request: HttpRequest, objects: Iterable[Model]) -> None:
        """After a publish: say which approved links do not show yet, and which do not any more."""
        unseen = unseen_links(objects)
        coming = [link for link in unseen if link.standing.is_coming]
        gone = [link for link in unseen if link.standing.is_gone]
        if coming:
            intro = _("Approved links that appear later, by themselves:")
            self.message_user(request, _list(intro, coming), messages.INFO)
        if gone:
            intro = _("Approved links that do not show, because their article is gone:")
            self.message_user(request, _list(intro, gone), messages.WARNING)

    def _fill(self, request: HttpRequest, gone: Sequence[Document]) -> None:
        sent = request.POST.getlist("fill")[:MOST_FILLED]
        fillings = _allowed(request.user, [f for f in map(_read, sent) if f and f.old in gone])
        if not sent:
            return
        filled = fill(fillings, user=request.user)
        n_left = filled.n_left + len(sent) - len(fillings)
        if filled.n_links:
            page = review_url(fillings[0].link.document)
            self.message_user(request, _describe(filled, page), messages.SUCCESS)
        if n_left:
            left = ngettext(
                "%(n)d place stays as it was: something changed there meanwhile.",
                "%(n)d places stay as they were: something changed there meanwhile.",
                n_left,
            )
            queue = f"{reverse('admin:related_review_queue')}?reason={ReviewReason.LOST.value}"
            link = format_html(' <a href="{}">{}</a>', queue, _("Open the review queue"))
            is_shown = may_look(request.user)
            text = format_html("{}{}", left % {"n": n_left}, link if is_shown else "")
            self.message_user(request, text, messages.WARNING)


def _read(text: str) -> Filling | None:
    form = FillForm(QueryDict(text))
    if not form.is_valid():
        return None
    data = form.cleaned_data
    if data["page"] in (data["target"], data["old"]):
        return None
    link = LinkRef(data["page"], data["slot"], data["target"])
    return Filling(link, data["version"], data["old"], data["old_version"])


def _allowed(user: Any, fillings: Sequence[Filling]) -> list[Filling]:
    """On pages for which the user decides."""
    pages = load_objects({filling.link.document for filling in fillings}, public=False)
    return [
        filling
        for filling in fillings
        if (page := filling.link.document).pk in pages and may_review(user, page, pages[page.pk])
    ]


def _describe(filled: Filled, review_page: str) -> str:
    places = ngettext("%(n)d place filled", "%(n)d places filled", filled.n_links)
    pages = ngettext("on %(n)d page", "on %(n)d pages", filled.n_pages)
    names = {"places": places % {"n": filled.n_links}, "pages": pages % {"n": filled.n_pages}}
    done = _(
        "%(places)s %(pages)s. “Undo” on a review page takes these links back, and nothing else:"
    )
    done %= names
    return format_html('{} <a href="{}">{}</a>', done, review_page, _("Open one"))


def _list(intro: str, links: Sequence[UnseenLink]) -> str:
    named = format_html_join(
        "; ",
        '<a href="{}">{}</a> ({}, {})',
        (
            (review_url(link.document), link.title, link.slot, str(link.standing))
            for link in links[:N_NAMED]
        ),
    )
    n_more = len(links) - N_NAMED
    more = ngettext("and %(n)d more", "and %(n)d more", n_more) % {"n": n_more}
    return format_html("{} {}{}", intro, named, f"; {more}" if n_more > 0 else "")
