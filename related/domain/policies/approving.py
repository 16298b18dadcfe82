"""Approving by policy: of what the machine proposes for a page, the links above the bar."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import uuid4

from django.db import IntegrityError, transaction

from related.domain.attention.facts import read_facts
from related.domain.attention.needs import find_proposed
from related.domain.bulk_rows import chunked
from related.domain.decisions.actors import PolicyActor
from related.domain.decisions.evidence import evidence_in
from related.domain.decisions.writing import Change, LinkRef, setting
from related.domain.decisions.writing_many import insert_first
from related.domain.policies.limits import never_by_itself
from related.domain.suggesting.versions import read_stories
from related.enums import Action
from related.models import Decision, Document, Policy, Slot, Suggestion

logger = logging.getLogger(__name__)

AT_ONCE = 200  # documents
# An editor who decides on one of the links at the same moment makes it begin again.
MOST_TRIES = 3


def approve_strong(document_ids: Iterable[int], policies: Sequence[Policy]) -> set[int]:
    """Approve what stands above the bars on the pages of these documents.

    Runs in the caller's transaction, which rewrites the pages and states afterwards. Nothing is
    approved twice: what anybody ever decided on, taken back or not, is an editor's to decide.

    Returns:
        The documents whose pages changed.
    """
    changed: set[int] = set()
    if policies:
        for keys in chunked(sorted(document_ids), AT_ONCE):
            changed |= _approve(keys, policies)
    return changed


def find_strong(document_ids: Collection[int], policies: Sequence[Policy]) -> list[Suggestion]:
    """What ``approve_strong`` would approve there: never a pair that an editor rejected or ever
    decided on, a version of the article itself, or what ``never_by_itself`` names."""
    documents = list(Document.objects.indexed().filter(pk__in=document_ids).order_by("pk"))
    slots = list(Slot.objects.active().with_strength())
    read = read_facts(documents, slots)
    bars = {policy.slot_id: policy.bar for policy in policies}
    strong = {
        (document.pk, each.slot_id, each.target_id)
        for document in documents
        for each in find_proposed(read.pages[document.pk], slots, read.visible)
        if (bar := bars.get(each.slot_id)) is not None and each.chance >= bar
    }
    if not strong:
        return []
    strong -= set(
        Decision.objects.filter(document__in=documents).values_list("document", "slot", "target")
    )
    ends = {key for document, _, target in strong for key in (document, target)}
    left_alone = never_by_itself(ends)
    rows = Suggestion.objects.served().filter(
        document__in={document for document, _, _ in strong}, slot__in=bars
    )
    found = [
        row
        for row in rows.select_related("document", "slot", "target").order_by("pk")
        if (row.document_id, row.slot_id, row.target_id) in strong
        and left_alone.isdisjoint({row.document_id, row.target_id})
    ]
    stories = read_stories([end for row in found for end in (row.document, row.target)])
    return [row for row in found if not _is_version(row, stories)]


def _is_version(row: Suggestion, stories: Mapping[int, int]) -> bool:
    own = stories.get(row.document_id)
    return own is not None and own == stories.get(row.target_id)


def _approve(document_ids: Sequence[int], policies: Sequence[Policy]) -> set[int]:
    by_slot = {policy.slot_id: policy for policy in policies}
    for _ in range(MOST_TRIES):
        found = find_strong(document_ids, policies)
        try:
            with transaction.atomic():
                for slot_id, policy in by_slot.items():
                    changes = [_change(row) for row in found if row.slot_id == slot_id]
                    insert_first(changes, user=PolicyActor.of(policy), operation=uuid4())
        except IntegrityError:
            continue
        if found:
            logger.info("policy approved", extra={"n_links": len(found)})
        return {row.document_id for row in found}
    return set()


def _change(row: Suggestion) -> Change:
    link, new = LinkRef(row.document, row.slot, row.target), evidence_in(row) | {"by_policy": True}
    return Change(link, Action.APPROVE, setting(new), version=0)
