"""An editor at the desk of one article, and the way there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from related.admin.forms import QueueForm, query_of
from related.admin.records import review_url, with_query
from related.domain.decisions.permissions import may_mark, may_read, may_review
from related.domain.desk.queue import next_to_review
from related.domain.documents.lookup import find_draft, find_object
from related.domain.documents.marking import document_of, ensure_document
from related.domain.transactions import after_commit
from related.enums import Priority
from related.models import Document
from related.registry import source_for_label
from related.wakeups import wake_up


@dataclass(frozen=True, slots=True)
class Visit:
    """An editor at the desk of one article."""

    request: HttpRequest
    document: Document
    obj: Any
    admin_site: AdminSite

    @property
    def is_htmx(self) -> bool:
        return bool(HtmxDetails(self.request))

    @property
    def is_panel(self) -> bool:
        """Whether she is writing it, and has the panel below its form before her."""
        return self.is_htmx and "panel" in self.request.GET

    @property
    def may_decide(self) -> bool:
        return may_review(self.request.user, self.document, self.obj)

    @property
    def may_mark(self) -> bool:
        return may_mark(self.request.user, self.document, self.obj)

    @property
    def form(self) -> QueueForm:
        return QueueForm(self.request.GET)

    @property
    def query(self) -> str:
        """The filter of the queue that the editor came from."""
        return query_of(self.form.wanted())

    def following(self, *, newer: bool = False) -> Document | None:
        wanted = self.form.wanted()
        return next_to_review(self.document, self.request.user, wanted, newer=newer)

    def address(self, document: Document | None = None) -> str:
        return with_query(review_url(document or self.document), self.query)


def find_reviewable(user: Any, label: str, object_id: str) -> tuple[Document, Any]:
    """The row and the object of an address of the desk.

    Raises:
        Http404: there is none, or it is a draft that the user may not see.
    """
    try:
        source = source_for_label(label)
    except LookupError:
        raise Http404(_("Nothing of this type can be reviewed.")) from None
    obj = find_object(source, object_id, public=False)
    is_allowed = obj is not None and may_read(user, obj)
    if obj is None:
        obj = find_draft(source, object_id)
        is_allowed = obj is not None and source.may_view_draft(user, obj)
    if obj is None or not is_allowed:
        raise Http404(_("There is no such article, or it is neither published nor scheduled."))
    document = document_of(obj)
    if document is None:  # saved without a signal; no reason to wait for the nightly reconcile
        with transaction.atomic():
            document = ensure_document(obj)
            after_commit(wake_up, [document.pk], Priority.PUBLISH)
    return document, obj
