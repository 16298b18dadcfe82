"""Documents: what the plugin knows of each article, and the way to its review page."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import F
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import RedirectView

from related.admin.bulk import bulk_view
from related.admin.bulk_operation import links_view, operation_view
from related.admin.dashboard import dashboard_view
from related.admin.document_filters import (
    CoverageFilter,
    LanguageFilter,
    SectionFilter,
    StateFilter,
)
from related.admin.orphans import orphans_view
from related.admin.queue import queue_view, start_view
from related.admin.records import ReadOnlyAdmin, review_url
from related.admin.retrying import retry_documents
from related.admin.review import review_view
from related.admin.sections import sections_view
from related.domain.decisions.permissions import may_look
from related.domain.documents.section_names import read_section_names
from related.domain.documents.titles import read_titles
from related.enums import Priority
from related.models import Document, Review


class TitledChangeList(ChangeList):
    """A page of documents with their live titles, read at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        titles = read_titles(self.result_list)
        names = read_section_names(self.result_list)
        for document in self.result_list:
            document.title = titles[document.pk]
            document.section_name = names.get(document.section, "")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = [
        "review",
        "label",
        "section_name",
        "language",
        "published_at",
        "state",
        "attempts",
        "error",
    ]
    list_filter = [StateFilter, CoverageFilter, LanguageFilter, SectionFilter]
    list_display_links = None
    list_per_page = 50
    search_fields = ["=object_id", "url_path"]
    search_help_text = _("The id of an article or a part of its address")
    ordering = [F("published_at").desc(nulls_last=True), "-pk"]
    actions = ["try_again"]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("related.change_document"))

    @admin.action(permissions=["retry"], description=_("Retry selected documents"))
    def try_again(self, request: HttpRequest, queryset: Any) -> None:
        """Forget the failed attempts and let the workers start over."""
        failed = list(queryset.failed())
        n_other = queryset.count() - len(failed)
        retried = retry_documents(request.user, failed, Priority.PUBLISH)
        sentences = [str(retried)]
        if n_other:
            note = ngettext("%(n)d had not failed.", "%(n)d had not failed.", n_other)
            sentences.append(note % {"n": n_other})
        level = messages.SUCCESS if retried.n_marked else messages.WARNING
        self.message_user(request, " ".join(sentences), level)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TitledChangeList

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        dashboard = site.admin_view(partial(dashboard_view, admin_site=site))
        orphans = site.admin_view(partial(orphans_view, admin_site=site))
        # The page's address before it became a part of the dashboard.
        health = RedirectView.as_view(pattern_name="admin:related_dashboard", permanent=True)
        return [
            path("dashboard/", dashboard, name="related_dashboard"),
            path("orphans/", orphans, name="related_orphans"),
            path("health/", site.admin_view(health), name="related_health"),
            *super().get_urls(),
        ]

    @admin.display(description=_("article"))
    def review(self, document: Document) -> SafeString:
        title = getattr(document, "title", document.label)  # TitledChangeList reads the titles
        return format_html('<a href="{}">{}</a>', review_url(document), title)

    @admin.display(description=_("id"))
    def label(self, document: Document) -> str:
        return document.label

    @admin.display(description=_("section"), ordering="section")
    def section_name(self, document: Document) -> str:
        return getattr(document, "section_name", document.section)

    @admin.display(description=_("state"))
    def state(self, document: Document) -> str:
        if document.is_waiting:
            is_failed = document.is_set_aside or (document.error and document.attempts)
            return gettext("failed") if is_failed else gettext("waiting")
        if document.is_draft:
            return gettext("draft")
        return gettext("indexed") if document.is_indexed else gettext("removed")


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """The editors' desk: the queue in place of a list, the review page in place of a form."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_look(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_look(request.user)

    def get_urls(self) -> list[URLPattern]:
        queue = self.admin_site.admin_view(partial(queue_view, admin_site=self.admin_site))
        start = self.admin_site.admin_view(start_view)
        review = self.admin_site.admin_view(partial(review_view, admin_site=self.admin_site))
        bulk = self.admin_site.admin_view(partial(bulk_view, admin_site=self.admin_site))
        operation = self.admin_site.admin_view(partial(operation_view, admin_site=self.admin_site))
        links = self.admin_site.admin_view(links_view)
        sections = self.admin_site.admin_view(partial(sections_view, admin_site=self.admin_site))
        return [
            path("sections/", sections, name="related_sensitive_sections"),
            path("", queue, name="related_review_queue"),
            path("", queue, name="related_review_changelist"),  # the admin's index leads here
            path("start/", start, name="related_review_start"),
            path("bulk/", bulk, name="related_bulk"),
            path("bulk/<uuid:key>/", operation, name="related_bulk_operation"),
            path("bulk/<uuid:key>/links.csv", links, name="related_bulk_links"),
            path("<str:label>/<path:object_id>/", review, name="related_document_review"),
        ]
