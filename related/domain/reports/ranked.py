"""All stored neighbors in the order of a slot's score, before anything is collapsed or cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from related.domain.bulk_rows import chunked
from related.domain.corpus.live import LiveCorpus
from related.domain.reports.exports import Name
from related.domain.suggesting.suggest import rank_neighbors
from related.models import Corpus, Slot

CHUNK = 500  # documents


def ranked_rows(
    names: dict[int, Name], slots: Sequence[Slot], top: int
) -> Iterator[dict[str, Any]]:
    """``{"id", "slot", "suggestions": [{"id", "score"}]}`` for each document and slot, best first.

    The neighbors that a slot's rule admits: without the minimum score, the stories and what editors
    rejected. One corpus after the other, as each is read into memory.

    Args:
        names: from ``read_names``.
        top: how many at most.

    Raises:
        CorpusTooLarge: a corpus does not fit into memory.
    """
    for corpus in Corpus.objects.order_by("language"):
        live = LiveCorpus.read(corpus)
        keys = [key for key in live.index.keys().tolist() if key in names]
        for chunk in chunked(keys, CHUNK):
            for document_id, slot, ranked in rank_neighbors(live, chunk, slots):
                known = [neighbor for neighbor in ranked if neighbor.target.pk in names]
                yield {
                    **names[document_id],
                    "slot": slot.key,
                    "suggestions": [
                        {**names[c.target.pk], "score": round(c.score, 6)} for c in known[:top]
                    ],
                }
