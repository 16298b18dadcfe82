"""Filters of the list of documents: how far the work is, what a slot shows of them, where they
belong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from related.domain.documents.section_names import names_of_sections
from related.domain.reports.health import in_hand, takeable
from related.models import Document, Slot

STATES: dict[str, Callable[[], QuerySet[Document]]] = {
    "indexed": Document.objects.indexed,
    "waiting": takeable,
    "working": lambda: takeable().filter(in_hand()),
    "failed": Document.objects.failed,
    "drafts": Document.objects.drafts,
    "due": lambda: Document.objects.filter(review_state__is_due=True),
}


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("indexed", gettext("Indexed")),
            ("waiting", gettext("Waiting")),
            ("working", gettext("In progress")),
            ("failed", gettext("Set aside")),
            ("drafts", gettext("Drafts")),
            ("due", gettext("Page to be looked at again")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen = STATES.get(str(self.value()))
        return queryset if chosen is None else queryset.filter(pk__in=chosen().values("pk"))


class CoverageFilter(admin.SimpleListFilter):
    """Public pages by what one slot shows; ``coverage_query`` makes the value."""

    title = _("slot")
    parameter_name = "coverage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        words = {
            "filled": gettext("“%(slot)s” shows a link"),
            "open": gettext("“%(slot)s” shows none"),
            "empty": gettext("Nothing for “%(slot)s”"),
        }
        return [
            (f"{state}-{slot.key}", text % {"slot": slot.name})
            for slot in Slot.objects.active().by_similarity()
            for state, text in words.items()
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        state, _separator, key = str(self.value() or "").partition("-")
        pages = queryset.filter(review_state__is_page=True)
        if state == "filled":
            return pages.filter(review_state__filled_slots__contains=f",{key},")
        if state == "open":
            return pages.exclude(review_state__filled_slots__contains=f",{key},")
        if state == "empty":
            return pages.filter(review_state__empty_slots__contains=f",{key},")
        return queryset


class LanguageFilter(admin.SimpleListFilter):
    title = _("language")
    parameter_name = "language__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code or gettext("no language")) for code in sorted(_values("language"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(language=self.value())


class SectionFilter(admin.SimpleListFilter):
    """Sections as the site calls them."""

    title = _("section")
    parameter_name = "section__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = names_of_sections(_values("section"))
        found = [(key, name or gettext("no section")) for key, name in names.items()]
        return sorted(found, key=lambda each: (each[1].casefold(), each[0]))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() is None else queryset.filter(section=self.value())


def _values(field: str) -> set[str]:
    """Those that occur among documents, as they are kept."""
    return set(Document.objects.order_by().values_list(field, flat=True).distinct())
