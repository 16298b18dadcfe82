"""Approving an archive at once: what the rules would place becomes approved, with its log.

All entries of the log carry one operation, by which the whole can be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from related.domain.decisions.conflicts import DecisionConflict
from related.domain.decisions.evidence import evidence_in
from related.domain.decisions.summaries import approve_summary
from related.domain.decisions.writing import Change, LinkRef, setting
from related.domain.decisions.writing_many import change_each
from related.domain.documents.loading import load_objects
from related.domain.documents.reading import read_content
from related.domain.pages.links import Link, Page
from related.domain.pages.placing import place_links
from related.domain.pages.summaries import draft_summary
from related.enums import Action, LinkSource
from related.models import Decision, Document, Slot, Summary
from related.registry import source_for_label

# Documents per transaction: short enough that editors and workers get their turn.
BLOCK = 20


@dataclass(frozen=True, slots=True)
class Approved:
    """How much was approved, and how much is left because somebody decided meanwhile.

    n_summaries_repeated: texts of nothing but passages that repeat in other stories; these have no
    draft.
    """

    n_links: int = 0
    n_summaries: int = 0
    n_links_left: int = 0
    n_summaries_left: int = 0
    n_summaries_repeated: int = 0

    def __add__(self, other: Approved) -> Approved:
        return Approved(
            self.n_links + other.n_links,
            self.n_summaries + other.n_summaries,
            self.n_links_left + other.n_links_left,
            self.n_summaries_left + other.n_summaries_left,
            self.n_summaries_repeated + other.n_summaries_repeated,
        )


def approve_placed(
    documents: Sequence[Document],
    *,
    user: Any,
    minimum_similarity: float = 0.0,
    summaries: bool = False,
    operation: UUID | None = None,
) -> Approved:
    """Approve what a preview of each document's page shows; decided pairs are left as they are.

    An editor who decides meanwhile costs that link or summary alone.
    """
    objects = load_objects(documents, public=False)
    shown = [document for document in documents if document.pk in objects]
    # Read first: what somebody decides from now on is noticed when it is written.
    decided = set(
        Decision.objects.filter(document__in=shown).values_list("document", "slot", "target")
    )
    pages = place_links([objects[document.pk] for document in shown], preview=True)
    operation = operation or uuid4()
    changes = [
        change
        for change in _approvals(shown, pages, minimum_similarity)
        if change.lock_order not in decided
    ]
    n_links, n_links_left = change_each(changes, user=user, operation=operation)
    approved = Approved(n_links=n_links, n_links_left=n_links_left)
    return approved + _approve_drafts(shown, objects, user, operation) if summaries else approved


def _approvals(
    documents: Sequence[Document], pages: Sequence[Page], minimum_similarity: float
) -> list[Change]:
    """First decisions, for the automatic links of these pages in slots that wait for approval."""
    slots = {slot.key: slot for slot in Slot.objects.active() if slot.requires_approval}
    wanted = [
        (document, slots[key], link)
        for document, page in zip(documents, pages, strict=True)
        for key, filled in page.slots.items()
        if key in slots
        for link in filled.items
        if link.source == LinkSource.AUTOMATIC and (link.similarity or 0.0) >= minimum_similarity
    ]
    targets = _targets(link for _, _, link in wanted)
    return [
        Change(
            LinkRef(document, slot, targets[link.type, link.id]),
            Action.APPROVE,
            setting(evidence_in(link) | {"is_bulk": True}),
            version=0,
        )
        for document, slot, link in wanted
    ]


def _targets(links: Iterable[Link]) -> dict[tuple[str, str], Document]:
    """The documents that links lead to, by their type and id; one query per model."""
    keys: dict[str, set[str]] = defaultdict(set)
    for link in links:
        keys[link.type].add(link.id)
    return {
        (label, target.object_id): target
        for label, ids in keys.items()
        for target in Document.objects.for_objects(source_for_label(label).model, list(ids))
    }


def _approve_drafts(
    documents: Sequence[Document], objects: dict[int, Any], user: Any, operation: UUID
) -> Approved:
    """Approve the drafted summary of each document that never had one.

    Nobody reads these drafts before readers do: passages that repeat across stories are in none.
    """
    approved = Approved()
    rows = Summary.objects.filter(document__in=documents)
    has_one = set(rows.values_list("document", flat=True))
    for document in documents:
        obj = objects[document.pk]
        if document.pk in has_one:
            continue
        text = draft_summary(document, obj)
        if not text:
            has_text = bool(read_content(document.source, obj).text)
            approved += Approved(n_summaries_repeated=int(has_text))
            continue
        try:
            approve_summary(
                document, obj, text, user=user, version=0, operation=operation, is_bulk=True
            )
            approved += Approved(n_summaries=1)
        except DecisionConflict:
            approved += Approved(n_summaries_left=1)
    return approved
