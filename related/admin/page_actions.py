"""What the buttons of the whole page do: agree, done, undo, headings, the summary, the keys."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.admin.click import Click
from related.admin.story_actions import process_again
from related.domain.decisions import agreeing, undoing
from related.domain.decisions.agreeing import SeenSummary
from related.domain.decisions.conflicts import NotReviewable, undo_conflict
from related.domain.decisions.headings import set_heading
from related.domain.decisions.permissions import may_mark_at_all, may_review
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import title_of
from related.domain.desk.steps import describe_step
from related.domain.documents.loading import load_reviewable
from related.enums import Action
from related.models import EditorSettings


def agree(click: Click) -> str:
    links = [
        (LinkRef(click.document, slot, target), version)
        for slot, target, version in click.data["links"]
    ]
    summary = None
    if click.data["with_summary"] and click.data["text"]:
        version = click.data["summary_version"] or 0
        summary = SeenSummary(click.data["text"], version, click.data["body"])
    agreeing.agree(click.document, click.obj, links, summary, user=click.user)
    names = {"n": len(links), "title": title_of(click.document)}
    if summary is not None:
        message = ngettext(
            "“%(title)s” is done: %(n)d link and the summary approved.",
            "“%(title)s” is done: %(n)d links and the summary approved.",
            len(links),
        )
    else:
        message = ngettext(
            "“%(title)s” is done: %(n)d link approved.",
            "“%(title)s” is done: %(n)d links approved.",
            len(links),
        )
    return message % names


def done(click: Click) -> str:
    agreeing.call_done(click.document, user=click.user)
    return _("“%(title)s” is done, until something on its page changes.") % {
        "title": title_of(click.document)
    }


def undo(click: Click) -> str:
    step = step_to_undo(click)
    described = describe_step(step, click.document, click.user)
    undoing.undo_step(step, user=click.user)
    process_again(step.entries)
    return _("Undone: %(step)s.") % {"step": described}


def step_to_undo(click: Click) -> undoing.Step:
    """The editor's latest step, if it is the one that the page offered to take back.

    Raises:
        DecisionConflict: it is not.
        NotReviewable: it was on an article that is no longer theirs to decide.
    """
    step = undoing.last_step(click.user, click.document)
    if step is None or step.operation != click.data["operation"]:
        raise undo_conflict()
    if step.is_bulk:
        raise NotReviewable(_("Not undone: that was in bulk. Take it back on its page."))
    is_mark = any(entry.action == Action.SENSITIVE for entry in step.entries)
    if is_mark and not may_mark_at_all(click.user):
        raise NotReviewable(_("Not undone: you may not change the sensitivity of articles."))
    others = [document for document in step.documents if document != click.document]
    objects = load_reviewable(others)
    for document in others:
        obj = objects.get(document.pk)
        if obj is None or not may_review(click.user, document, obj):
            raise NotReviewable(_("Not undone: that article is no longer yours to decide."))
    return step


def switch_keys(click: Click) -> str:
    is_on = click.data["on"]
    EditorSettings.objects.update_or_create(user=click.user, defaults={"has_single_keys": is_on})
    return _("Single keys are on.") if is_on else _("Single keys are off.")


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
