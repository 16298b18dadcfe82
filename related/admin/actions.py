"""What each button of the desk does: one call of the domain and a message for the editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.admin.forms import (
    HeadingForm,
    LinkForm,
    RejectedForm,
    ReplaceForm,
    SelectionForm,
    SummaryForm,
    SummaryRemovalForm,
    UndoForm,
)
from related.domain.decisions import reviewing, undoing
from related.domain.decisions.conflicts import DecisionConflict, NotReviewable, undo_conflict
from related.domain.decisions.headings import set_heading
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import title_of
from related.models import Document, Slot


class Refused(Exception):
    """Nothing was saved; ``str()`` tells the editor why."""


@dataclass(frozen=True, slots=True)
class Click:
    """A button pressed by an editor, with what its form sent."""

    document: Document
    obj: Any
    user: Any
    data: dict[str, Any]

    @property
    def slot(self) -> Slot:
        slot: Slot = self.data["slot"]
        return slot

    @property
    def place(self) -> LinkRef:
        return LinkRef(self.document, self.slot, self.data["target"])

    @property
    def seen(self) -> dict[str, Any]:
        """Who decides, and the version that was on the page."""
        return {"user": self.user, "version": self.data["version"]}

    @property
    def names(self) -> dict[str, str]:
        """For the message: the title of the target and the heading of the slot."""
        return {"title": title_of(self.data["target"]), "slot": self.slot.name}


def approve(click: Click) -> str:
    reviewing.approve(click.place, **click.seen, note=click.data["note"])
    return _("Approved “%(title)s” for “%(slot)s”.") % click.names


def approve_selected(click: Click) -> str:
    seen = [(LinkRef(click.document, click.slot, t), v) for t, v in click.data["selected"]]
    reviewing.approve_many(seen, user=click.user)
    message = ngettext(
        "Approved %(n)d link for “%(slot)s”.", "Approved %(n)d links for “%(slot)s”.", len(seen)
    )
    return message % {"n": len(seen), "slot": click.slot.name}


def replace(click: Click) -> str:
    old = click.data["old"]
    reviewing.replace(click.place, **click.seen, old=old, old_version=click.data["old_version"])
    message = _("Approved “%(title)s” for “%(slot)s” in place of “%(old)s”.")
    return message % {**click.names, "old": title_of(old)}


def reject(click: Click) -> str:
    reviewing.reject(click.place, **click.seen, note=click.data["note"])
    return _("Rejected “%(title)s”. It will not be offered for this article again.") % click.names


def pin(click: Click) -> str:
    reviewing.pin(click.place, **click.seen)
    return _("Pinned “%(title)s” to the top of “%(slot)s”.") % click.names


def unpin(click: Click) -> str:
    reviewing.unpin(click.place, **click.seen)
    return _("“%(title)s” is no longer pinned; it stays approved.") % click.names


def reopen(click: Click) -> str:
    reviewing.reopen(click.place, **click.seen)
    return _("Took back the decision on “%(title)s”. It may be suggested again.") % click.names


def move_up(click: Click) -> str:
    reviewing.move(click.place, **click.seen, up=True)
    return _("Moved “%(title)s” up.") % click.names


def move_down(click: Click) -> str:
    reviewing.move(click.place, **click.seen, up=False)
    return _("Moved “%(title)s” down.") % click.names


def undo(click: Click) -> str:
    operation = click.data["operation"]
    entries = undoing.last_operation(click.document, click.user)
    if not entries or entries[0].operation != operation:
        raise undo_conflict()
    undoing.undo(operation, click.document, user=click.user)
    return _("Undone.")


def change_heading(click: Click) -> str:
    heading = click.data["heading"]
    set_heading(click.document, click.slot, heading, user=click.user)
    return _("The heading is now “%(heading)s”.") % {"heading": heading or click.slot.name}


def publish_summary(click: Click) -> str:
    text, body_seen = click.data["text"], click.data["body"]
    approve_summary(click.document, click.obj, text, **click.seen, body_seen=body_seen)
    return _("The summary is approved and shows on the page.")


def remove_summary(click: Click) -> str:
    approve_summary(click.document, click.obj, "", **click.seen)
    return _("The summary is taken down.")


ACTIONS: dict[str, tuple[type[forms.Form], Callable[[Click], str]]] = {
    "approve": (LinkForm, approve),
    "approve_selected": (SelectionForm, approve_selected),
    "replace": (ReplaceForm, replace),
    "reject": (LinkForm, reject),
    "pin": (LinkForm, pin),
    "unpin": (LinkForm, unpin),
    "reopen": (RejectedForm, reopen),
    "up": (LinkForm, move_up),
    "down": (LinkForm, move_down),
    "undo": (UndoForm, undo),
    "heading": (HeadingForm, change_heading),
    "publish_summary": (SummaryForm, publish_summary),
    "remove_summary": (SummaryRemovalForm, remove_summary),
}


def perform(document: Document, obj: Any, user: Any, post: QueryDict) -> str:
    """Do what the pressed button asks for; returns the message for the editor.

    Raises:
        Refused: the form makes no sense, or somebody else decided first.
    """
    try:
        form_class, action = ACTIONS[post.get("action", "")]
    except KeyError:
        raise Refused(_("Not saved: the page sent no known action. Load it again.")) from None
    form = form_class(post)
    if not form.is_valid():
        raise Refused(_("Not saved: %(reason)s") % {"reason": _first_error(form)})
    try:
        return action(Click(document, obj, user, form.cleaned_data))
    except (DecisionConflict, NotReviewable) as error:
        raise Refused(str(error)) from error


def _first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    # Fields that no editor fills in.
    is_hidden = name in {"version", "old_version", "body"}
    return _("the page was out of date.") if is_hidden or not errors else str(errors[0])
