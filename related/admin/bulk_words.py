"""Operations in bulk, said in words: what they do, with whose links, and how they went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.admin.bulk_forms import CHANCES
from related.admin.forms import QueueForm, query_of
from related.domain.desk.queue import QueueAge, QueueFilter, QueueState, QueueSummary
from related.domain.documents.section_names import names_of_sections
from related.enums import BulkKind
from related.models import BulkOperation, Slot


def describe(operation: BulkOperation, undone: BulkOperation | None = None) -> str:
    """What an operation does.

    Args:
        undone: for one that takes another back.
    """
    options = operation.options
    if operation.kind == BulkKind.UNDO:
        what = describe(undone) if undone else _("an operation")
        return _("Take back: %(what)s") % {"what": what}
    if operation.kind == BulkKind.APPROVE:
        return _describe_approvals(options)
    if operation.kind == BulkKind.REJECT:
        message = _("Reject “%(title)s” as a link")
        if options["approved_too"]:
            message = _("Reject “%(title)s” as a link, also where it is approved")
        return message % {"title": options["title"]}
    names = {"editor": options["editor"], "since": _moment(options["since"])}
    names["until"] = _moment(options["until"]) if "until" in options else _("now")
    message = _("Put back what stood before %(editor)s decided, from %(since)s to %(until)s")
    if operation.kind == BulkKind.REOPEN:
        message = _("Reopen what %(editor)s decided from %(since)s to %(until)s")
    return message % names


def _describe_approvals(options: dict[str, Any]) -> str:
    if "chance" not in options:
        return _("Approve what the rules place")  # by the command
    strength = dict(CHANCES).get(str(options["chance"]), f"{options['chance']:.0%}")
    return _("Approve what is proposed (%(strength)s)") % {"strength": strength}


def describe_result(operation: BulkOperation) -> list[str]:
    """How it went so far, in sentences."""
    sentences = [
        ngettext("%(n)d link changed.", "%(n)d links changed.", operation.n_changed)
        % {"n": operation.n_changed}
    ]
    if operation.n_left:
        left = ngettext(
            "%(n)d stays as it is: it has changed since the preview.",
            "%(n)d stay as they are: they have changed since the preview.",
            operation.n_left,
        )
        sentences.append(left % {"n": operation.n_left})
    if operation.n_refused:
        refused = ngettext(
            "%(n)d is not yours to decide.", "%(n)d are not yours to decide.", operation.n_refused
        )
        sentences.append(refused % {"n": operation.n_refused})
    return sentences


def describe_filter(wanted: QueueFilter) -> list[str]:
    """The parts of the queue's filter that hold in bulk, each as a person reads it."""
    slot = Slot.objects.filter(key=wanted.slot).first() if wanted.slot else None
    parts = [
        (_("Section"), names_of_sections([wanted.section])[wanted.section]),
        (_("Slot"), slot.name if slot else wanted.slot),
        (_("Language"), wanted.language),
        (_("Published"), str(QueueAge(wanted.age).label) if wanted.age else ""),
        (_("Why"), str(wanted.reason.label) if wanted.reason else ""),
        (_("Summary"), str(QueueSummary(wanted.summary).label) if wanted.summary else ""),
        (_("Words"), wanted.text),
    ]
    named = _("%(name)s: %(value)s")
    return [named % {"name": name, "value": value} for name, value in parts if value]


def bulk_filter(form: QueueForm) -> tuple[QueueFilter, str]:
    """The queue's filter without what is asked in bulk itself, and as a query string."""
    wanted = form.wanted()
    narrowed = QueueFilter(
        state=QueueState.TO_REVIEW,
        reason=wanted.reason,
        slot=wanted.slot,
        age=wanted.age,
        summary=wanted.summary,
        section=wanted.section,
        language=wanted.language,
        text=wanted.text,
    )
    return narrowed, query_of(narrowed)


def _moment(text: Any) -> str:
    at = timezone.localtime(datetime.fromisoformat(text))
    return date_format(at, "SHORT_DATETIME_FORMAT")
