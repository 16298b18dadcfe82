"""The desk's actions: which form reads what a button sent, and which function does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from related.admin import link_actions, mark_actions, page_actions, story_actions
from related.admin.click import Click
from related.admin.forms import (
    AgreeForm,
    HeadingForm,
    KeepForm,
    KeysForm,
    LinkForm,
    PlaceForm,
    RejectedForm,
    ReplaceForm,
    StoryForm,
    SummaryForm,
    SummaryRemovalForm,
    SwapForm,
    UndoForm,
)
from related.admin.mark_actions import MarksForm
from related.domain.decisions.conflicts import DecisionConflict, NotReviewable
from related.models import Document


class Refused(Exception):
    """Nothing was saved; ``str()`` tells the editor why."""


ACTIONS: dict[str, tuple[type[forms.Form], Callable[[Click], str]]] = {
    "approve": (LinkForm, link_actions.approve),
    "not_here": (LinkForm, link_actions.keep_out),
    "swap": (SwapForm, link_actions.swap),
    "place": (PlaceForm, link_actions.place),
    "agree": (AgreeForm, page_actions.agree),
    "done": (forms.Form, page_actions.done),
    "keys": (KeysForm, page_actions.switch_keys),
    "replace": (ReplaceForm, link_actions.replace),
    "keep": (KeepForm, link_actions.keep),
    "story": (StoryForm, story_actions.tell),
    "reject": (LinkForm, link_actions.reject),
    "pin": (LinkForm, link_actions.pin),
    "unpin": (LinkForm, link_actions.unpin),
    "reopen": (RejectedForm, link_actions.reopen),
    "up": (LinkForm, link_actions.move_up),
    "down": (LinkForm, link_actions.move_down),
    "sensitive": (MarksForm, mark_actions.mark),
    "undo": (UndoForm, page_actions.undo),
    "heading": (HeadingForm, page_actions.change_heading),
    "publish_summary": (SummaryForm, page_actions.publish_summary),
    "remove_summary": (SummaryRemovalForm, page_actions.remove_summary),
}


def perform(document: Document, obj: Any, user: Any, sent: QueryDict) -> str:
    """Do what the pressed button asks for; returns the message for the editor.

    Args:
        sent: as ``read_press`` gives it.

    Raises:
        Refused: the form makes no sense, or somebody else decided first.
    """
    try:
        form_class, action = ACTIONS[sent.get("action", "")]
    except KeyError:
        raise Refused(_("Not saved: the page sent no known action. Load it again.")) from None
    form = form_class(sent)
    if not form.is_valid():
        raise Refused(_("Not saved: %(reason)s") % {"reason": _first_error(form)})
    try:
        return action(Click(document, obj, user, form.cleaned_data))
    except (DecisionConflict, NotReviewable) as error:
        raise Refused(str(error)) from error


def read_press(post: QueryDict) -> QueryDict:
    """What a button sends: the whole page is one form, so that nothing that was typed is lost, and
    ``press`` says what the button is for, as a query string."""
    sent = post.copy()
    for name, value in QueryDict(str(post.get("press", ""))).items():
        sent[name] = str(value)
    if "heading" not in sent:
        sent["heading"] = str(sent.get(f"heading-{sent.get('slot', '')}", ""))
    if "version" not in sent and "summary_version" in sent:
        sent["version"] = sent.get("summary_version", "")
    return sent


def _first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    # Fields that no editor fills in.
    is_hidden = name in {"version", "old_version", "reserve_version", "body", "seen_marks"}
    return _("the page was out of date.") if is_hidden or not errors else str(errors[0])
