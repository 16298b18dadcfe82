"""The panel below an article's form: the desk's cards, while the article is being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from related.admin.records import review_url
from related.admin.visits import find_reviewable
from related.domain.decisions.permissions import may_look, may_review
from related.domain.desk.page import Desk, build_desk
from related.domain.documents.lookup import find_draft, find_object
from related.models import Document
from related.registry import Source, is_registered, source_for

TEMPLATES = "admin/related/writing/"
# Links are there sooner where anybody works.
SOON = timedelta(seconds=20)


class PanelState(StrEnum):
    READY = "ready"
    LOOKING = "looking"
    LATE = "late"  # nobody has taken the document up
    FAILED = "failed"
    UNSAVED = "unsaved"
    UNREGISTERED = "unregistered"
    WITHOUT_DRAFTS = "without_drafts"  # the source does not say what is being written
    NOT_WRITTEN = "not_written"  # withdrawn, say


@dataclass(frozen=True, slots=True)
class Panel:
    """What stands below a form. ``desk`` is None where there are no links to show yet."""

    state: PanelState
    desk: Desk | None = None
    may_decide: bool = False
    source_name: str = ""

    @property
    def address(self) -> str:
        return review_url(self.desk.document) if self.desk else ""

    @property
    def is_unanswered(self) -> bool:
        """Whether the page asks again by itself."""
        return self.state in {PanelState.LOOKING, PanelState.LATE}

    @property
    def has_links(self) -> bool:
        """Whether there is anything to show; while links are looked for, an empty slot says
        nothing."""
        desk = self.desk
        shown = desk is not None and any(s.cards or s.suggestions for s in desk.slots)
        return shown or not self.is_unanswered

    @property
    def undoable(self) -> Any:
        """The latest click, where it was on this article."""
        desk = self.desk
        step = desk.undoable if desk else None
        is_here = desk and step and step.document == desk.document and not step.is_of_sections
        return step if is_here else None


def panel_for(user: Any, obj: Any | None) -> Panel | None:
    """The panel for an object as it is stored, None before it is; nothing where the user may not
    look."""
    if not may_look(user):
        return None
    if obj is None:
        return Panel(PanelState.UNSAVED)
    if not is_registered(type(obj)):
        return Panel(PanelState.UNREGISTERED)
    source, key = source_for(type(obj)), str(obj.pk)
    stored = find_object(source, key, public=False)
    if stored is None:
        stored = find_draft(source, key)
        if stored is None:
            return Panel(_why_not(source), source_name=type(source).__name__)
        if not source.may_view_draft(user, stored):
            return None
    return panel_of(user, *find_reviewable(user, source.model._meta.label, key))


def panel_of(user: Any, document: Document, obj: Any) -> Panel:
    return Panel(
        state_of(document),
        build_desk(document, obj, user),
        may_decide=may_review(user, document, obj),
    )


def state_of(document: Document) -> PanelState:
    """How far the search for links is."""
    if document.is_set_aside:
        return PanelState.FAILED
    if not document.is_waiting:
        return PanelState.READY
    is_late = document.worker_id is None and timezone.now() - document.marked_at > SOON
    return PanelState.LATE if is_late else PanelState.LOOKING


def panel_context(panel: Panel) -> dict[str, Any]:
    return {
        "panel": panel,
        "desk": panel.desk,
        "may_decide": panel.may_decide,
    }


def answer_panel(
    request: HttpRequest, document: Document, obj: Any, *, message: str = "", status: int = 200
) -> HttpResponse:
    """The panel's links as they are now, for htmx; nothing (204) where the page asks what became
    of the search and shows that already."""
    if request.GET.get("seen") == state_of(document).value:
        return HttpResponse(status=204)
    context = panel_context(panel_of(request.user, document, obj))
    context |= {"message": message, "is_refused": status != 200}
    html = render_to_string(f"{TEMPLATES}answer.html", context, request)
    return HttpResponse(html, status=status)


def _why_not(source: Source) -> PanelState:
    has_drafts = type(source).drafts is not Source.drafts
    return PanelState.NOT_WRITTEN if has_drafts else PanelState.WITHOUT_DRAFTS
