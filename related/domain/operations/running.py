"""Changing the links of an operation in pieces: each is one transaction, and says how far it is."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Now

from related.domain.decisions.evidence import evidence_in
from related.domain.decisions.permissions import theirs
from related.domain.decisions.undoing import restoring
from related.domain.decisions.writing import OPEN, Change, LinkRef, State, setting
from related.domain.decisions.writing_many import change_each
from related.domain.documents.marks import NOT_LIGHT, without
from related.domain.operations.sets import LinkRow, LinkSet
from related.domain.transactions import background_transaction
from related.enums import Action, BulkKind, BulkState, Verdict
from related.models import BulkOperation, DecisionLog, Document, Slot, Suggestion

logger = logging.getLogger(__name__)

# Links per transaction: short enough that editors and workers get their turn.
PIECE = 100
EVIDENCE = ("similarity", "score", "reasons")


def work_on(operation_id: UUID, *, seconds: float, at_once: int = PIECE) -> bool:
    """Change links for some time, one piece at least, beginning where the last one ended; whether
    some are left.

    Several may try at once: the row of the operation says where it is, and whoever comes second
    leaves it to the first.
    """
    started = monotonic()
    operation = BulkOperation.objects.running().filter(pk=operation_id).first()
    if operation is None:
        return False
    links = LinkSet.unpack(operation.links)
    user = operation.user
    if user is None or not user.is_active or not user.has_perm("related.change_decision"):
        stop(operation)
        logger.warning("operation stopped, its editor may not decide", extra=_named(operation))
        return False
    while operation.n_done < len(links):
        piece = list(links.part(operation.n_done, operation.n_done + at_once))
        if not _do_piece(operation, piece, user):
            return False  # stopped, or in other hands
        operation.n_done += len(piece)
        if operation.n_done < len(links) and monotonic() - started > seconds:
            return True
    finish(operation)
    return False


def carry_on(*, seconds: float) -> int:
    """For whoever looks for work: go on with what is running; returns how many operations."""
    running = BulkOperation.objects.running().order_by("created_at")
    keys = list(running.values_list("pk", flat=True)[:1])
    for key in keys:
        work_on(key, seconds=seconds)
    return len(keys)


def start(operation: BulkOperation) -> bool:
    """Begin, or go on after a stop; False where that is no longer to be done."""
    waiting = BulkOperation.objects.filter(
        pk=operation.pk,
        state__in=[BulkState.PREVIEWED, BulkState.STOPPED],
        n_done__lt=F("n_links"),
    )
    is_begun = bool(waiting.update(state=BulkState.RUNNING, progressed_at=Now()))
    BulkOperation.objects.filter(pk=operation.pk, started_at=None).update(started_at=Now())
    return is_begun


def stop(operation: BulkOperation) -> bool:
    """Change no further link; what is changed stays."""
    return bool(_running(operation).update(state=BulkState.STOPPED))


def finish(operation: BulkOperation) -> None:
    if _running(operation).update(state=BulkState.FINISHED, finished_at=Now()):
        logger.info("operation finished", extra=_named(operation))


def _running(operation: BulkOperation) -> Any:
    return BulkOperation.objects.running().filter(pk=operation.pk)


def _named(operation: BulkOperation) -> dict[str, Any]:
    return {"operation": str(operation.pk), "kind": operation.kind, "user": operation.user_id}


def _do_piece(operation: BulkOperation, piece: list[LinkRow], user: Any) -> bool:
    """One piece; False where another process did it, or somebody stopped the operation."""
    with background_transaction():
        # First of all, so that nobody else has this piece in hand, nor SQLite's only lock.
        at_this_place = _running(operation).filter(n_done=operation.n_done)
        n_done = operation.n_done + len(piece)
        if not at_this_place.update(n_done=n_done, progressed_at=Now()):
            return False
        n_changed, n_left, n_refused = _change(operation, piece, user)
        BulkOperation.objects.filter(pk=operation.pk).update(
            n_changed=F("n_changed") + n_changed,
            n_left=F("n_left") + n_left,
            n_refused=F("n_refused") + n_refused,
        )
    return True


def _change(operation: BulkOperation, piece: list[LinkRow], user: Any) -> tuple[int, int, int]:
    """How many links are changed, stay because they changed meanwhile, or are not the user's."""
    wanted = {row.document for row in piece} | {row.target for row in piece}
    documents = Document.objects.in_bulk(wanted)
    slots = Slot.objects.with_strength().in_bulk({row.slot for row in piece})
    pages = [documents[key] for key in dict.fromkeys(row.document for row in piece)]
    allowed = {document.pk for document in theirs(user, pages)}
    links = {
        row: LinkRef(documents[row.document], slots[row.slot], documents[row.target])
        for row in piece
        if row.document in allowed
    }
    changes = list(CHANGES[BulkKind(operation.kind)](operation, links))
    n_changed, n_left = change_each(changes, user=user, operation=operation.pk)
    return n_changed, n_left + len(links) - len(changes), len(piece) - len(links)


Links = dict[LinkRow, LinkRef]


def _approvals(operation: BulkOperation, links: Links) -> Iterator[Change]:
    """Of what is still suggested, still that strong, and was not decided elsewhere; on pages that
    nobody marked as sensitive meanwhile."""
    offered = _by_key(without(_offered(links), NOT_LIGHT, "document__"))
    for row, link in links.items():
        suggestion = offered.get(row.key)
        if suggestion is None:
            continue
        chance = link.slot.chance_of(suggestion.score)
        if chance is not None and chance >= operation.options["chance"]:
            new = evidence_in(suggestion) | {"is_bulk": True}
            yield Change(link, Action.APPROVE, setting(new), row.version)


def _rejections(operation: BulkOperation, links: Links) -> Iterator[Change]:
    offered = _by_key(_offered(links))
    for row, link in links.items():
        apply = partial(_rejected, suggestion=offered.get(row.key))
        yield Change(link, Action.REJECT, apply, row.version)


def _rejected(state: State, *, suggestion: Suggestion | None) -> State:
    seen = {name: state[name] for name in EVIDENCE}
    if suggestion is not None:
        seen = {name: getattr(suggestion, name) for name in EVIDENCE}
    return OPEN | seen | {"verdict": Verdict.REJECTED.value, "is_bulk": True}


def _reopenings(operation: BulkOperation, links: Links) -> Iterator[Change]:
    for row, link in links.items():
        yield Change(link, Action.REOPEN, setting(OPEN), row.version)


def _restorings(operation: BulkOperation, links: Links) -> Iterator[Change]:
    rows = DecisionLog.objects.select_related("document", "slot", "target")
    entries = rows.in_bulk([row.entry for row in links])
    return (restoring(entries[row.entry], row.version) for row in links)


def _offered(links: Links) -> QuerySet[Suggestion]:
    rows = Suggestion.objects.served().undecided()
    return rows.filter(
        document__in={row.document for row in links}, target__in={row.target for row in links}
    )


def _by_key(rows: Iterable[Suggestion]) -> dict[tuple[int, int, int], Suggestion]:
    return {(row.document_id, row.slot_id, row.target_id): row for row in rows}


CHANGES = {
    BulkKind.APPROVE: _approvals,
    BulkKind.REJECT: _rejections,
    BulkKind.REOPEN: _reopenings,
    BulkKind.REVERT: _restorings,
    BulkKind.UNDO: _restorings,
}
