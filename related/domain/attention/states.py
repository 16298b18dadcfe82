"""The one writer of ``ReviewState``: rows are computed where something changed, and again each
night, so that none stays wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Now
from django.utils import timezone

from related.domain.attention.facts import Read, read_facts
from related.domain.attention.needs import Needs, find_needs
from related.domain.attention.page_coverage import find_coverage
from related.domain.bulk_rows import chunked
from related.domain.transactions import background_transaction
from related.models import Decision, Document, ReviewState, Slot
from related.models.documents import DocumentQuerySet
from related.models.reviewing import UNDATED

AT_ONCE = 200  # documents
# In one transaction of a worker: a decision about one of them waits for its end.
LOCKED_AT_ONCE = 50
# So many are computed in the request or the task that changed them; more wait for a worker.
FEW = 100

COMPUTED = [
    *("is_open", "reasons", "items", "slots", "strength", "n_offered", "n_approved"),
    *("n_by_policy",),
    *("is_reviewed", "has_summary", "has_stale_summary", "opened_at", "is_due", "checked_at"),
    *("is_page", "filled_slots", "empty_slots", "shown", "n_lost", "n_coming"),
    *("content_type", "language", "section", "sorted_at"),
]
Closed = dict[str, Any]


def refresh_states(document_ids: Iterable[int]) -> None:
    """Compute the rows of these documents; in the caller's transaction, if there is one."""
    for keys in chunked(sorted(document_ids), AT_ONCE):
        _store(compute_states(keys))


def compute_states(document_ids: Sequence[int]) -> list[ReviewState]:
    """The rows of these documents as they should be; nothing is stored."""
    documents = list(Document.objects.filter(pk__in=document_ids))
    slots = list(Slot.objects.active().with_strength())
    read = read_facts(documents, slots)
    known = ReviewState.objects.in_bulk([document.pk for document in documents])
    return [_computed(document, known, read, slots) for document in documents]


def refresh_around(document_ids: Sequence[int]) -> None:
    """Compute the rows of documents that changed and of pages that link to them; of many, later."""
    linking = Decision.objects.approved().filter(target__in=document_ids)
    refresh_soon({*document_ids, *linking.values_list("document", flat=True)})


def refresh_soon(document_ids: Collection[int]) -> None:
    """Compute the rows of a few documents; of many, later."""
    if len(document_ids) > FEW:
        mark_due(document_ids)
    else:
        refresh_states(document_ids)


def mark_due(document_ids: Iterable[int] | None = None) -> None:
    """Have rows computed again by a worker; all of them unless told otherwise."""
    if document_ids is None:
        ReviewState.objects.filter(is_due=False).update(is_due=True)
        return
    for keys in chunked(sorted(document_ids)):
        ReviewState.objects.filter(document__in=keys, is_due=False).update(is_due=True)


def refresh_due(limit: int = AT_ONCE) -> int:
    """Compute rows that are due, and those that are missing; returns how many.

    Several workers share what is due: each leaves out what another has in hand.
    """
    n_done = 0
    while n_done < limit and (n := _refresh_some_due(min(LOCKED_AT_ONCE, limit - n_done))):
        n_done += n
    if not n_done:
        keys = list(missing_states().order_by("pk").values_list("pk", flat=True)[:limit])
        refresh_states(keys)
        n_done = len(keys)
    return n_done


def has_due() -> bool:
    """Whether a row waits to be computed again."""
    return ReviewState.objects.filter(is_due=True).exists()


def count_due() -> int:
    return ReviewState.objects.filter(is_due=True).count()


def closed_state(document: Document) -> ReviewState | None:
    """The row of a page that an editor reviewed, and that needs nobody now."""
    rows = ReviewState.objects.filter(document=document, is_open=False, is_reviewed=True)
    return rows.exclude(is_due=True).first()


def missing_states() -> DocumentQuerySet:
    """Documents that no worker has looked at since they came into the index."""
    return Document.objects.indexed().filter(
        ~Exists(ReviewState.objects.filter(document=OuterRef("pk")))
    )


def _refresh_some_due(limit: int) -> int:
    with background_transaction():
        rows = ReviewState.objects.filter(is_due=True).order_by("document")
        free = rows.select_for_update(skip_locked=True, no_key=True)
        due = list(free.values_list("document", flat=True)[:limit])
        refresh_states(due)
    return len(due)


def close_page(document: Document) -> tuple[Closed, Closed]:
    """Take a page off the queue until there is something on it that was not there now.

    Returns:
        What was closed before, and what is now: for the log.
    """
    slots = list(Slot.objects.active().with_strength())
    needs = _needs(document.pk, read_facts([document], slots), slots)
    row = ReviewState.objects.filter(document=document).first()
    before = _closed(row)
    closed = sorted({*needs.items, *needs.reserves})
    if row is None:
        refresh_states([document.pk])
    rows = ReviewState.objects.filter(document=document)
    rows.update(closed_items=closed, closed_at=timezone.now(), is_reviewed=True)
    refresh_states([document.pk])
    return before, _closed(rows.first())


def restore_closed(document: Document, closed: Closed) -> None:
    """Undo ``close_page``."""
    rows = ReviewState.objects.filter(document=document)
    closed_at = closed["closed_at"]
    rows.update(
        closed_items=closed["closed_items"],
        closed_at=None if closed_at is None else datetime.fromisoformat(closed_at),
    )
    refresh_states([document.pk])


def _closed(row: ReviewState | None) -> Closed:
    if row is None or row.closed_at is None:
        return {"closed_items": [], "closed_at": None}
    return {"closed_items": row.closed_items, "closed_at": row.closed_at.isoformat()}


def _needs(document_id: int, read: Read, slots: Sequence[Slot]) -> Needs:
    return find_needs(read.pages[document_id], slots, read.visible)


def _computed(
    document: Document, known: dict[int, ReviewState], read: Read, slots: Sequence[Slot]
) -> ReviewState:
    row = known.get(document.pk) or ReviewState(document=document)
    needs = _needs(document.pk, read, slots)
    _reopen_what_came_back(row, needs)
    items = needs.open_items(set(row.closed_items)) if document.is_indexed else []
    is_reviewed = read.pages[document.pk].is_reviewed or row.closed_at is not None
    if not items:
        row.opened_at = None
    elif not row.is_open or set(items) - set(row.items):
        row.opened_at = Now()
    row.is_open = bool(items)
    row.reasons = Needs.reasons_of(items, is_reviewed=is_reviewed)
    row.items = items
    row.slots = as_keys(needs.slots)
    row.strength, row.n_offered = needs.strength, needs.n_offered
    row.n_approved = read.n_approved.get(document.pk, 0)
    row.n_by_policy = sum(each.by_policy for each in read.pages[document.pk].approved)
    row.is_reviewed, row.has_summary = is_reviewed, document.pk in read.with_summary
    row.has_stale_summary = bool(read.pages[document.pk].stale_summary)
    row.is_due, row.checked_at = False, Now()
    row.is_page = document.is_indexed and document.pk in read.visible
    covered = find_coverage(read.pages[document.pk], slots, read.visible)
    row.filled_slots = as_keys(covered.filled) if row.is_page else ""
    row.empty_slots = as_keys(covered.empty) if row.is_page else ""
    row.shown = covered.shown if row.is_page else None
    row.n_lost, row.n_coming = covered.n_lost, covered.n_coming
    row.content_type_id = document.content_type_id
    row.language, row.section = document.language, document.section
    row.sorted_at = document.published_at or UNDATED
    return row


def _reopen_what_came_back(row: ReviewState, needs: Needs) -> None:
    """A link that shows again is lost anew when its target goes once more."""
    kept = [i for i in row.closed_items if not i.startswith("lost:") or i in needs.items]
    if kept != row.closed_items:
        rows = ReviewState.objects.filter(pk=row.pk, closed_at=row.closed_at)
        rows.update(closed_items=kept)
        row.closed_items = kept


def as_keys(keys: Sequence[str]) -> str:
    """Keys of slots as one column holds them: ",a,b,", to be found by ",a,"."""
    return f",{','.join(keys)}," if keys else ""


def _store(rows: Sequence[ReviewState]) -> None:
    ReviewState.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["document"], update_fields=COMPUTED
    )
