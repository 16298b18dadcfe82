"""What is served now, as rows for other programs, named by the site's own external ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from related.domain.bulk_rows import chunked
from related.domain.corpus.codec import read_neighbors
from related.domain.documents.loading import Unreadable, indexed_objects
from related.models import Decision, Document, Neighbors, Slot, Suggestion

CHUNK = 200  # documents, so that memory does not grow with the archive


def read_external_ids() -> dict[int, str]:
    """External ids of all indexed documents that the site still has, by document id, ascending."""
    external_ids: dict[int, str] = {}
    last = 0
    while rows := list(_indexed_after(last)):
        last = rows[-1].pk
        for row, obj in zip(rows, indexed_objects(rows), strict=True):
            if isinstance(obj, Unreadable):
                raise obj.error
            if obj is not None:
                external_ids[row.pk] = row.source.external_id(obj)
    return external_ids


def neighbor_rows(external_ids: dict[int, str], top: int) -> Iterator[dict[str, Any]]:
    """``{"id", "neighbors": [{"id", "similarity"}]}`` for each document, nearest first.

    Only the served generation; neighbors that are no longer indexed are left out.

    Args:
        external_ids: from ``read_external_ids``.
        top: how many neighbors at most.
    """
    for chunk in chunked(list(external_ids), CHUNK):
        lists = {
            row.document_id: read_neighbors(row)
            for row in Neighbors.objects.filter(
                document__in=chunk, generation=F("corpus__generation")
            )
        }
        for document_id in chunk:
            ids, similarities = lists.get(document_id, ((), ()))
            neighbors = [
                {"id": external_ids[int(key)], "similarity": round(float(similarity), 6)}
                for key, similarity in zip(ids, similarities, strict=True)
                if int(key) in external_ids
            ]
            yield {"id": external_ids[document_id], "neighbors": neighbors[:top]}


def suggestion_rows(
    external_ids: dict[int, str], slots: Sequence[Slot]
) -> Iterator[dict[str, Any]]:
    """``{"id", "slot", "suggestions": [{"id", "score"}]}`` for each document and slot, best first.

    Rejected pairs and targets that are no longer indexed are left out.
    """
    for chunk in chunked(list(external_ids), CHUNK):
        offered = suggested_targets(chunk, slots)
        for document_id in chunk:
            for slot in slots:
                yield {
                    "id": external_ids[document_id],
                    "slot": slot.key,
                    "suggestions": [
                        {"id": external_ids[target_id], "score": score}
                        for target_id, score in offered[document_id, slot.pk]
                        if target_id in external_ids
                    ],
                }


def suggested_targets(
    document_ids: Sequence[int], slots: Sequence[Slot]
) -> defaultdict[tuple[int, int], list[tuple[int, float]]]:
    """Targets and scores, best first, by (document id, slot id); without rejected pairs."""
    rejected = Decision.objects.rejected().filter(
        document=OuterRef("document"), target=OuterRef("target")
    )
    rows = (
        Suggestion.objects.served()
        .filter(document__in=document_ids, slot__in=slots)
        .exclude(Exists(rejected))
        .order_by("document", "slot", "rank")
        .values_list("document_id", "slot_id", "target_id", "score")
    )
    offered: defaultdict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for document_id, slot_id, target_id, score in rows:
        offered[document_id, slot_id].append((target_id, score))
    return offered


def _indexed_after(document_id: int) -> QuerySet[Document]:
    return Document.objects.indexed().filter(pk__gt=document_id).order_by("pk")[:CHUNK]
