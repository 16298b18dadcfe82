"""Approving an archive at once: what the rules would place becomes approved, with its log.

All entries of the log carry one operation, by which the whole can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from related.domain.bulk_rows import chunked
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.undoing import undo, undoing
from related.domain.decisions.writing import OPEN, DecisionConflict, change_decisions
from related.domain.documents.loading import load_objects
from related.domain.pages.placing import Page, place_links
from related.domain.pages.summaries import draft_summary
from related.domain.transactions import announce_changes
from related.enums import Action, LinkSource, Verdict
from related.models import Decision, DecisionLog, Document, Slot, Summary

# Documents per transaction: short enough that editors and workers get their turn.
BLOCK = 20


def approve_placed(
    documents: Sequence[Document],
    *,
    user: Any,
    minimum_similarity: float = 0.0,
    summaries: bool = False,
    operation: UUID | None = None,
) -> tuple[int, int]:
    """Approve what a preview of each document's page shows; decided pairs are left as they are.

    Returns:
        How many links and how many summaries were approved.
    """
    operation = operation or uuid4()
    slots = {slot.key: slot for slot in Slot.objects.active() if slot.requires_approval}
    n_links = n_summaries = 0
    objects = load_objects(documents, public=False)
    shown = [document for document in documents if document.pk in objects]
    pages = place_links([objects[document.pk] for document in shown], preview=True)
    with transaction.atomic():
        decisions = _new_decisions(shown, pages, slots, minimum_similarity)
        for decision in decisions:
            decision.decided_by, decision.version = user, 1
        Decision.objects.bulk_create(decisions)
        DecisionLog.objects.bulk_create(
            _log_entry(decision, user, operation) for decision in decisions
        )
        if decisions:
            announce_changes({decision.document_id for decision in decisions})
        n_links += len(decisions)
        if summaries:
            has_one = set(
                Summary.objects.filter(document__in=shown).values_list("document", flat=True)
            )
            for document in shown:
                text = draft_summary(document, objects[document.pk])
                if text and document.pk not in has_one:
                    approve_summary(document, objects[document.pk], text, user=user, version=0)
                    n_summaries += 1
    return n_links, n_summaries


def undo_operation(operation: UUID, *, user: Any) -> tuple[int, int]:
    """Take an operation back, each decision in a transaction of its own.

    What changed since stays as it is, except that a click on a single document is taken back as a
    whole or not at all. Summaries are not in the log and stay.

    Returns:
        How many decisions were put back, and how many stay because they changed since.

    Raises:
        DecisionConflict: the operation was on one document, and something changed since.
        LookupError: the log has no such operation.
    """
    entries = DecisionLog.objects.filter(operation=operation)
    document_ids = sorted(set(entries.values_list("document", flat=True)))
    if not document_ids:
        message = _("The decision log has no operation %(operation)s.")
        raise LookupError(message % {"operation": operation})
    if len(document_ids) == 1:
        n_entries = len(undoing(entries))
        undo(operation, Document.objects.get(pk=document_ids[0]), user=user)
        return n_entries, 0
    n_undone = n_skipped = 0
    undone = uuid4()
    for block in chunked(document_ids, BLOCK):
        for change in undoing(entries.filter(document__in=block)):
            try:
                change_decisions([change], user=user, operation=undone)
                n_undone += 1
            except DecisionConflict:
                n_skipped += 1
    return n_undone, n_skipped


def _new_decisions(
    documents: Sequence[Document],
    pages: Sequence[Page],
    slots: dict[str, Slot],
    minimum_similarity: float,
) -> list[Decision]:
    """Decisions, not saved, for the automatic links of these pages."""
    wanted = [
        (document, slots[key], link)
        for document, page in zip(documents, pages, strict=True)
        for key, filled in page.slots.items()
        if key in slots
        for link in filled.items
        if link.source == LinkSource.AUTOMATIC and (link.similarity or 0.0) >= minimum_similarity
    ]
    target_ids = {
        (type_, object_id): pk
        for type_, keys in _keys_by_type(link for _, _, link in wanted).items()
        for object_id, pk in Document.objects.filter(
            content_type=ContentType.objects.get_by_natural_key(*type_.split(".")),
            object_id__in=keys,
        ).values_list("object_id", "pk")
    }
    decided = set(
        Decision.objects.filter(document__in=documents).values_list("document", "slot", "target")
    )
    return [
        Decision(
            document=document,
            slot=slot,
            target_id=target_id,
            verdict=Verdict.APPROVED,
            similarity=link.similarity,
            reasons=link.reasons,
        )
        for document, slot, link in wanted
        if (document.pk, slot.pk, target_id := target_ids[link.type, link.id]) not in decided
    ]


def _keys_by_type(links: Any) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for link in links:
        keys.setdefault(link.type, []).append(link.id)
    return keys


def _log_entry(decision: Decision, user: Any, operation: UUID) -> DecisionLog:
    after = OPEN | {
        "verdict": Verdict.APPROVED.value,
        "similarity": decision.similarity,
        "reasons": decision.reasons,
    }
    return DecisionLog(
        document=decision.document,
        slot=decision.slot,
        target_id=decision.target_id,
        action=Action.APPROVE,
        operation=operation,
        before=OPEN,
        after=after,
        version=1,
        actor=user,
        actor_name=user.get_username(),
    )
