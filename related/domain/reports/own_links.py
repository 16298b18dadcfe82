"""The links that a site's own bodies hold: what its editors thought worth reading next."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from related.domain.documents.addresses import split_keys
from related.models import Document

ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class OwnLinks:
    """Links between two indexed documents of one language, each once; the arrays are aligned."""

    pairs: NDArray[np.int64]  # [links, 2]: from, to
    moments: NDArray[np.float64]  # when the newer of the two came out, in seconds since 1970

    def __len__(self) -> int:
        return len(self.pairs)


def find_own_links() -> OwnLinks:
    """All of them, in two queries, whatever the size of the archive.

    Memory grows by some hundred bytes a document: addresses and dates, no texts.
    """
    named: dict[bytes, tuple[int, str]] = {}  # key of an address -> document, its language
    came_out: dict[int, float] = {}
    known = Document.objects.indexed().order_by("pk")
    rows = known.values_list("pk", "language", "address_keys", "published_at")
    for pk, language, addresses, at in rows.iterator(chunk_size=ROWS_AT_ONCE):
        came_out[pk] = at.timestamp() if at else 0.0
        for key in split_keys(addresses):
            named.setdefault(key, (pk, language))
    ends = array("q")
    linking = known.exclude(linked_keys=b"").values_list("pk", "language", "linked_keys")
    for pk, language, linked in linking.iterator(chunk_size=ROWS_AT_ONCE):
        for target, target_language in {named[k] for k in split_keys(linked) if k in named}:
            if target != pk and target_language == language:
                ends.extend((pk, target))
    pairs = np.array(ends, np.int64).reshape(-1, 2)
    moments = [max(came_out[a], came_out.get(b, 0.0)) for a, b in pairs.tolist()]
    return OwnLinks(pairs, np.array(moments, np.float64))
