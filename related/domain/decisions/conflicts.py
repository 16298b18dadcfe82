"""Why a decision is not saved: the exceptions, and what the editor reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from related.enums import Verdict
from related.models import Decision, SectionRule, Sensitivity

DEADLOCK = "40P01"  # PostgreSQL's SQLSTATE


class DecisionConflict(Exception):
    """Somebody else decided first; ``str()`` tells the editor who and what."""


class Deadlock(DecisionConflict):
    """Two changed the same links at the same moment, and this one gave way."""


class NotReviewable(Exception):
    """The decision makes no sense; ``str()`` tells the editor why."""


@contextmanager
def one_click() -> Iterator[None]:
    """One transaction, all or nothing; a deadlock with another editor's is a conflict as well.

    Raises:
        DecisionConflict: the database chose this click to give way.
    """
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != DEADLOCK:
            raise
        raise deadlock_conflict() from error


def link_to_itself() -> NotReviewable:
    return NotReviewable(_("An article cannot link to itself."))


def link_conflict(decision: Decision | None, user: Any) -> DecisionConflict:
    """For an editor who decided on what is no longer there.

    Args:
        decision: what stands now, None for nothing.
    """
    if decision is None or decision.version == 0:
        return DecisionConflict(_("Not saved: nobody has decided on this link yet. Decide again."))
    names = {"verdict": str(Verdict(decision.verdict).label)}
    if decision.decided_by == user:
        message = _(
            "Not saved: you already changed this link (now %(verdict)s). "
            "The page shows the current state."
        )
    elif decision.by_policy:
        message = _(
            "Not saved: the policy of the slot approved this link meanwhile. "
            "The page shows the current state; decide again if you want something else."
        )
    elif decision.decided_by:
        names["editor"] = decision.decided_by.get_username()
        message = _(
            "Not saved: %(editor)s changed this link first (now %(verdict)s). "
            "The page shows the current state; decide again if you still want to."
        )
    else:
        message = _(
            "Not saved: somebody changed this link first (now %(verdict)s). "
            "The page shows the current state; decide again if you still want to."
        )
    return DecisionConflict(message % names)


def deadlock_conflict() -> Deadlock:
    return Deadlock(
        _(
            "Not saved: somebody else changed these links at the same moment. "
            "The page shows the current state; decide again if you still want to."
        )
    )


def undo_conflict() -> DecisionConflict:
    return DecisionConflict(
        _("Not undone: something has changed since. The page shows the current state.")
    )


def summary_conflict() -> DecisionConflict:
    return DecisionConflict(
        _("Not saved: somebody else changed this summary first. The page shows theirs.")
    )


def marks_conflict(row: Sensitivity | SectionRule, user: Any) -> DecisionConflict:
    """For an editor who saw other marks than those that stand."""
    if row.changed_by and row.changed_by != user:
        message = _(
            "Not saved: %(editor)s changed the sensitivity first. The page shows the current state."
        )
        return DecisionConflict(message % {"editor": row.changed_by.get_username()})
    return DecisionConflict(
        _("Not saved: the sensitivity was changed since. The page shows the current state.")
    )


def barred(why: str) -> NotReviewable:
    """For an editor who approves what the marks of an article keep away."""
    return NotReviewable(_("Not saved: the sensitivity forbids it (%(why)s).") % {"why": why})


def body_conflict() -> DecisionConflict:
    return DecisionConflict(
        _(
            "Not saved: the text of the article changed after you opened this page. Read it "
            "again; what you wrote is kept below for you to fix or approve."
        )
    )
