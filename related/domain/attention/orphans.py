"""Pages that no other page links to: found by going over all pages, and kept as a mark."""

from __future__ import annotations

from related.domain.bulk_rows import chunked
from related.domain.transactions import background_transaction
from related.models import ReviewState

AT_ONCE = 2000  # rows


def mark_orphans() -> int:
    """Mark the pages that stand on no other page, as the states say, and no others.

    Returns:
        How many there are.
    """
    pages: set[int] = set()
    linked: set[int] = set()
    marked: set[int] = set()
    rows = ReviewState.objects.values_list("document", "is_orphan", "shown")
    for document_id, is_orphan, shown in rows.iterator(AT_ONCE):
        if is_orphan:
            marked.add(document_id)
        if shown is not None:
            pages.add(document_id)
            linked.update(shown)
    orphans = pages - linked
    for keys, is_orphan in ((orphans - marked, True), (marked - orphans, False)):
        for some in chunked(sorted(keys)):
            with background_transaction():
                ReviewState.objects.filter(document__in=some).update(is_orphan=is_orphan)
    return len(orphans)
