"""The page of click-through, and the same as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from related.admin.records import review_url
from related.contrib.clicks.exporting import export_links
from related.contrib.clicks.figures import (
    Figure,
    LinkFigure,
    best_links,
    read_click_through,
    worst_links,
)
from related.contrib.clicks.models import ClickSum, Trial
from related.domain.decisions.permissions import may_look
from related.domain.desk.targets import Target, load_targets
from related.enums import ReviewReason
from related.similarity.intervals import Interval

PERIODS = (7, 28, 90)  # days


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval as a drawing, in hundredths of its width: as SVG reads numbers."""

    low: str
    width: str
    mean: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table."""

    figure: Figure | LinkFigure
    bar: Bar
    shown: str
    clicked: str
    percent: float
    low: float
    high: float
    document: Target | None = None
    target: Target | None = None
    page: str = ""  # address of the review page


def chosen_days(request: HttpRequest) -> int:
    wanted = request.GET.get("days", "")
    return next((days for days in PERIODS if str(days) == wanted), 28)


@require_safe
def report_view(request: HttpRequest, *, admin_site: AdminSite) -> HttpResponse:
    """A constant number of queries at any number of links."""
    if not may_look(request.user):
        raise PermissionDenied
    days = chosen_days(request)
    found = read_click_through(days)
    links = best_links(days), worst_links(days)
    documents = {d for some in links for link in some for d in (link.document, link.target)}
    targets = load_targets(documents, request.user)
    best, worst = (_rows(some, targets) for some in links)
    running = Trial.objects.filter(ended_at=None).select_related("slot")
    context = {
        **admin_site.each_context(request),
        "title": _("Click-through"),
        "opts": ClickSum._meta,
        "days": days,
        "reason": ReviewReason.READERS.value,
        "periods": PERIODS,
        "by_slot": _rows(found.by_slot, {}),
        "by_place": _rows(found.by_place, {}),
        "by_strength": _rows(found.by_strength, {}),
        "best": best,
        "worst": worst,
        "trials": running,
    }
    return TemplateResponse(request, "admin/related/clicks/report.html", context)


@require_safe
def csv_view(request: HttpRequest) -> HttpResponse:
    if not may_look(request.user):
        raise PermissionDenied
    return export_links(chosen_days(request), request.user)


def _rows(figures: Sequence[Figure | LinkFigure], targets: dict[int, Target]) -> list[Row]:
    """Lines of one table, whose bars have one scale."""
    most = max((figure.share.high for figure in figures), default=1.0) or 1.0
    return [_row(figure, most, targets) for figure in figures]


def _row(figure: Figure | LinkFigure, most: float, targets: dict[int, Target]) -> Row:
    share = figure.share
    document = target = None
    page = ""
    if isinstance(figure, LinkFigure):
        document, target = targets[figure.document.pk], targets[figure.target.pk]
        page = review_url(figure.document)
    return Row(
        figure,
        _bar(share, most),
        number_format(figure.shown, force_grouping=True),
        number_format(figure.clicked, force_grouping=True),
        100 * share.mean,
        100 * share.low,
        100 * share.high,
        document,
        target,
        page,
    )


def _bar(share: Interval, most: float) -> Bar:
    low, mean, high = (100 * each / most for each in (share.low, share.mean, share.high))
    return Bar(f"{low:.1f}", f"{max(high - low, 1.0):.1f}", f"{mean:.1f}")
