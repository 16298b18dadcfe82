"""The rows of pages: written again with whatever changes a page, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from related.domain.bulk_rows import chunked
from related.domain.pages.contents import read_contents
from related.models import Corpus, Document, PageLinks, Slot
from related.signals import pages_changed

AT_ONCE = 200  # documents


def rewrite_pages(document_ids: Iterable[int]) -> int:
    """Bring the rows of these documents up to date; returns how many were not.

    Runs in the caller's transaction, after its changes. The rows are locked before anything is
    read: who changes the same page meanwhile waits, and then reads what was written here.
    """
    return sum(_rewrite(keys) for keys in chunked(sorted(set(document_ids)), AT_ONCE))


def outdated_pages(document_ids: Iterable[int]) -> list[int]:
    """Those of these documents whose row is missing or says something else than the tables."""
    fresh = _fresh(document_ids)
    rows = PageLinks.objects.filter(document__in=fresh)
    stored = {row.document_id: (row.contents, row.generation) for row in rows}
    return [pk for pk, values in fresh.items() if stored.get(pk) != values]


def _rewrite(document_ids: Sequence[int]) -> int:
    PageLinks.objects.bulk_create(
        [PageLinks(document_id=pk, contents="", generation=0) for pk in document_ids],
        ignore_conflicts=True,
    )
    rows = PageLinks.objects.filter(document__in=document_ids).order_by("document")
    locked = list(rows.select_for_update(no_key=True))
    fresh = _fresh(document_ids)
    changed, told = [], []
    for row in locked:
        values = fresh.get(row.document_id)
        if values is not None and values != (row.contents, row.generation):
            if values[0] != row.contents:  # a new generation alone is nothing to a reader
                told.append(row.document_id)
            row.contents, row.generation = values
            changed.append(row)
    # The rows are there: this is the quickest way to give each its own values.
    PageLinks.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["document"],
        update_fields=["contents", "generation"],
    )
    if told:
        pages_changed.send(Document, document_ids=told)
    return len(changed)


def _fresh(document_ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    """What the rows should say: contents, and the generation of their suggestions."""
    documents = list(Document.objects.filter(pk__in=document_ids))
    generations = dict(Corpus.objects.values_list("language", "generation"))
    automatic = Slot.objects.active().by_similarity().filter(requires_approval=False)
    pages = read_contents(documents, automatic)
    return {
        document.pk: (
            pages[document.pk].as_json(),
            generations.get(document.language, 0) if pages[document.pk].held else 0,
        )
        for document in documents
    }
