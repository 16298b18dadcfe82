"""How well a slot's suggestions agree with the links that editors placed themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from related.domain.bulk_rows import chunked
from related.domain.documents.lookup import find_documents
from related.domain.reports.exports import suggested_targets
from related.models import Slot
from related.similarity.ranking import ndcg_at, precision_at, reciprocal_rank

Links = list[tuple[str, str]]
HEADER = ("id_from", "id_to")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Means over the queries, each 0 to 1; a query is a document with at least one known link."""

    ndcg_at_10: float
    mean_reciprocal_rank: float
    precision_at_5: float
    n_queries: int
    n_links: int
    unknown: list[str]  # ids in the file that name no indexed document


def read_links(lines: Iterable[str]) -> Links:
    """Pairs of ids from tab-separated lines; a header ``id_from<TAB>id_to`` and blanks are skipped.

    Raises:
        ValueError: a line has not two columns; the message gives its number.
    """
    links: Links = []
    for number, line in enumerate(lines, start=1):
        columns = tuple(column.strip() for column in line.removeprefix("\ufeff").split("\t"))
        if columns == HEADER or not any(columns):
            continue
        if len(columns) < 2 or not columns[0] or not columns[1]:
            message = _("Line %(line)d: expected two ids separated by a tab, found %(found)r.")
            raise ValueError(message % {"line": number, "found": line.strip()})
        links.append((columns[0], columns[1]))
    return links


def evaluate_slot(slot: Slot, links: Links) -> Evaluation:
    """Compare a slot's served suggestions with links; a link counts in both directions."""
    references = sorted({reference for link in links for reference in link})
    documents = {
        reference: document.pk
        for reference, document in find_documents(references).items()
        if document.is_indexed
    }
    relevant: dict[int, set[int]] = defaultdict(set)
    n_links = 0
    for a, b in links:
        if a in documents and b in documents and documents[a] != documents[b]:
            n_links += 1
            relevant[documents[a]].add(documents[b])
            relevant[documents[b]].add(documents[a])
    measures = [
        (ndcg_at(10, ranked, own), reciprocal_rank(ranked, own), precision_at(5, ranked, own))
        for ranked, own in _rankings(slot, relevant)
    ]
    means = [sum(column) / len(measures) for column in zip(*measures, strict=True)] or [0.0] * 3
    return Evaluation(
        ndcg_at_10=means[0],
        mean_reciprocal_rank=means[1],
        precision_at_5=means[2],
        n_queries=len(measures),
        n_links=n_links,
        unknown=[reference for reference in references if reference not in documents],
    )


def _rankings(slot: Slot, relevant: dict[int, set[int]]) -> Iterable[tuple[list[int], set[int]]]:
    for chunk in chunked(list(relevant)):
        offered = suggested_targets(chunk, [slot])
        for document_id in chunk:
            ranked = [target_id for target_id, _ in offered[document_id, slot.pk]]
            yield ranked, relevant[document_id]
