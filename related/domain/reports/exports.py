"""What is served now, as rows for other programs, named by the site's own external ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from related.domain.bulk_rows import chunked
from related.domain.corpus.codec import read_neighbors
from related.domain.documents.loading import Unreadable, indexed_objects
from related.domain.documents.marks import page_marks, read_marks
from related.models import Decision, Document, Neighbors, Slot, Suggestion

CHUNK = 200  # documents, so that memory does not grow with the archive


# What names a document in a row: its ``id`` and, where there are several kinds, its ``type``.
Name = dict[str, str]


def read_names() -> dict[int, Name]:
    """Names of all indexed documents that the site still has, by document id, ascending.

    No name stands for two documents: external ids of two kinds can be equal, so the kind stands
    beside them; and where the external id of one is the bare key of another, of the same kind, the
    latter goes by ``app.model:key``, which the commands take as well.
    """
    names: dict[int, Name] = {}
    by_key: list[int] = []  # documents that have no id but their key
    last = 0
    while rows := list(_indexed_after(last)):
        last = rows[-1].pk
        for row, obj in zip(rows, indexed_objects(rows), strict=True):
            if isinstance(obj, Unreadable):
                raise obj.error
            if obj is not None:
                names[row.pk] = {"id": row.source.external_id(obj), "type": row.type_label}
                by_key += [row.pk] if names[row.pk]["id"] == row.object_id else []
    _tell_apart(names, by_key)
    if len({name["type"] for name in names.values()}) < 2:
        return {document_id: {"id": name["id"]} for document_id, name in names.items()}
    return names


def _tell_apart(names: dict[int, Name], by_key: Sequence[int]) -> None:
    own = names.keys() - set(by_key)
    taken = {(names[document_id]["type"], names[document_id]["id"]) for document_id in own}
    for document_id in by_key:
        name = names[document_id]
        if (name["type"], name["id"]) in taken:
            name["id"] = f"{name['type']}:{name['id']}"


def neighbor_rows(names: dict[int, Name], top: int) -> Iterator[dict[str, Any]]:
    """``{"id", "neighbors": [{"id", "similarity"}]}`` for each document, nearest first.

    Only the served generation; neighbors that are no longer indexed are left out.

    Args:
        names: from ``read_names``.
        top: how many neighbors at most.
    """
    for chunk in chunked(list(names), CHUNK):
        lists = {
            row.document_id: read_neighbors(row)
            for row in Neighbors.objects.filter(
                document__in=chunk, generation=F("corpus__generation")
            )
        }
        for document_id in chunk:
            ids, similarities = lists.get(document_id, ((), ()))
            neighbors = [
                {**names[int(key)], "similarity": round(float(similarity), 6)}
                for key, similarity in zip(ids, similarities, strict=True)
                if int(key) in names
            ]
            yield {**names[document_id], "neighbors": neighbors[:top]}


def suggestion_rows(names: dict[int, Name], slots: Sequence[Slot]) -> Iterator[dict[str, Any]]:
    """``{"id", "slot", "suggestions": [{"id", "score"}]}`` for each document and slot, best first.

    Rejected pairs and targets that are no longer indexed are left out, and what must not be
    suggested by the marks of its article or section.
    """
    for chunk in chunked(list(names), CHUNK):
        offered = suggested_targets(chunk, slots)
        found = {target_id for targets in offered.values() for target_id, _ in targets}
        marked = read_marks({*chunk, *found})
        for document_id in chunk:
            marks = page_marks(document_id, marked)
            for slot in slots:
                yield {
                    **names[document_id],
                    "slot": slot.key,
                    "suggestions": [
                        {**names[target_id], "score": score}
                        for target_id, score in offered[document_id, slot.pk]
                        if target_id in names and marks.admits(target_id)
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
