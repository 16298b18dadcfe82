"""How a decision changes: by one conditional update, with its log entry, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from related.domain.corpus.explaining import compare_documents
from related.domain.transactions import announce_changes
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog, Document, Slot, Suggestion

# The part of a decision that an editor changes, as the log keeps it before and after.
State = dict[str, Any]
STATE_FIELDS = ("verdict", "is_pinned", "position", "similarity", "reasons", "note")
OPEN: State = {
    "verdict": Verdict.OPEN.value,
    "is_pinned": False,
    "position": None,
    "similarity": None,
    "reasons": [],
    "note": "",
}

DEADLOCK = "40P01"  # PostgreSQL's SQLSTATE


class DecisionConflict(Exception):
    """Somebody else decided first; ``str()`` tells the editor who and what."""


class NotReviewable(Exception):
    """The decision makes no sense; ``str()`` tells the editor why."""


@dataclass(frozen=True, slots=True)
class LinkRef:
    """What a decision is about: a target in a slot of a document."""

    document: Document
    slot: Slot
    target: Document


@dataclass(frozen=True, slots=True)
class Change:
    """One decision's part of a click."""

    link: LinkRef
    action: Action
    apply: Callable[[State], State]  # from what stands to what shall stand
    version: int  # of the decision that the editor saw; 0: there was none

    @property
    def lock_order(self) -> tuple[int, int, int]:
        return self.link.document.pk, self.link.slot.pk, self.link.target.pk


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
        raise DecisionConflict(
            _(
                "Not saved: somebody else changed these links at the same moment. "
                "The page shows the current state; decide again if you still want to."
            )
        ) from error


def change_decisions(
    changes: Iterable[Change], *, user: Any, operation: UUID | None = None
) -> list[Decision]:
    """Apply the changes of one click, all of them or none; returns them in their lock order.

    Every click takes its rows in the same order, so that two clicks never wait for each other.

    Raises:
        DecisionConflict: one of the decisions changed since the editor saw it.
        NotReviewable: a target is the document itself.
    """
    operation = operation or uuid4()
    with one_click():
        return [
            change_decision(change, user=user, operation=operation)
            for change in sorted(changes, key=lambda change: change.lock_order)
        ]


def change_decision(change: Change, *, user: Any, operation: UUID) -> Decision:
    """Apply one change if the decision is still at its version, and log it; one transaction.

    A decision that was taken back keeps its row (verdict ``open``), so its versions never start
    anew and one conditional update decides every race.

    Raises:
        DecisionConflict: the decision changed since the editor saw it.
        NotReviewable: the target is the document itself.
    """
    link = change.link
    if link.target.pk == link.document.pk:
        raise NotReviewable(_("An article cannot link to itself."))
    with transaction.atomic():
        decision = Decision.objects.get_or_create(
            document=link.document, slot=link.slot, target=link.target
        )[0]
        before = {name: getattr(decision, name) for name in STATE_FIELDS}
        after = change.apply(before)
        won = Decision.objects.filter(pk=decision.pk, version=change.version).update(
            **after, version=change.version + 1, decided_by=user, decided_at=timezone.now()
        )
        if not won:
            raise conflict_at(link, user)
        DecisionLog.objects.create(
            document=link.document,
            slot=link.slot,
            target=link.target,
            action=change.action,
            operation=operation,
            before=before,
            after=after,
            version=change.version + 1,
            note=after["note"],
            actor=user,
            actor_name=user.get_username(),
        )
        announce_changes([link.document.pk])
    decision.refresh_from_db()
    return decision


def evidence_for(link: LinkRef) -> State:
    """The machine's view at the moment of the decision: similarity and shared words."""
    suggestion = (
        Suggestion.objects.served()
        .filter(document=link.document, target=link.target)
        .order_by("pk")
        .first()
    )
    if suggestion is not None:
        return {"similarity": suggestion.similarity, "reasons": suggestion.reasons}
    similarity, reasons = compare_documents(link.document, link.target)
    return {"similarity": similarity, "reasons": reasons}


def conflict_at(link: LinkRef, user: Any) -> DecisionConflict:
    """The message for an editor who decided on what is no longer there."""
    decision = (
        Decision.objects.filter(document=link.document, slot=link.slot, target=link.target)
        .select_related("decided_by")
        .first()
    )
    if decision is None or decision.version == 0:
        return DecisionConflict(_("Not saved: nobody has decided on this link yet. Decide again."))
    names = {"verdict": str(Verdict(decision.verdict).label)}
    if decision.decided_by == user:
        message = _(
            "Not saved: you already changed this link in another window (now %(verdict)s). "
            "The page shows the current state."
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
