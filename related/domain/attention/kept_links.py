"""Links that an editor kept against a rival: as long as it is the same question.

It is another one when the slot's rule is another, or when one of the three texts says less than
half of what it said: a corrected word asks nobody again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from related.domain.attention.proposal import Rivals
from related.models import Document, DocumentVector, KeptLink, Slot
from related.similarity.stories.overlap import Sketches, as_rows, overlaps
from related.similarity.text.sketch_loops import SKETCH_SIZE
from related.similarity.text.sketches import sketch_from_bytes

# Which share of all that a text said then or says now it must have said both times.
MIN_KEPT = 0.5

SKETCHES_BYTES = 3 * 4 * SKETCH_SIZE  # of the three texts

# What decides whether a slot suggests a target, and with which score.
_RULE_FIELDS = ("rule", "same_section", "time_weight", "skip_linked")


def rule_of(slot: Slot) -> str:
    """The rule of a slot as it is now, to be compared with later."""
    return " ".join(str(getattr(slot, name)) for name in _RULE_FIELDS)


def texts_of(documents: Sequence[Document]) -> tuple[list[str], bytes]:
    """The texts of some documents as they are now, to be compared with later: hashes, sketches."""
    hashes = [document.text_hash for document in documents]
    return hashes, _sketches(documents).astype("<u4").tobytes()


def read_kept(document_ids: Iterable[int], slots: Sequence[Slot]) -> dict[int, set[Rivals]]:
    """What was kept on some pages, and still is the same question; by document.

    One query, and another where a text has changed since.
    """
    rules = {slot.pk: rule_of(slot) for slot in slots}
    rows = KeptLink.objects.filter(document__in=document_ids)
    kept: dict[int, set[Rivals]] = defaultdict(set)
    changed = []
    for row in rows.select_related("document", "target", "rival"):
        if rules.get(row.slot_id) != row.rule:
            continue
        if row.hashes == [document.text_hash for document in _three(row)]:
            kept[row.document_id].add((row.slot_id, row.target_id, row.rival_id))
        elif len(row.sketches) == SKETCHES_BYTES:  # else of a release that made others
            changed.append(row)
    for row in _still_alike(changed):
        kept[row.document_id].add((row.slot_id, row.target_id, row.rival_id))
    return kept


def _three(row: KeptLink) -> tuple[Document, Document, Document]:
    return row.document, row.target, row.rival


def _still_alike(rows: Sequence[KeptLink]) -> Iterator[KeptLink]:
    if not rows:
        return
    documents = [document for row in rows for document in _three(row)]
    now = _sketches(documents)
    then = np.concatenate([np.frombuffer(bytes(row.sketches), "<u4") for row in rows])
    _, resemblance = overlaps(then.reshape(-1, SKETCH_SIZE).astype(np.uint32), now)
    hashes = [text_hash for row in rows for text_hash in row.hashes]
    is_same = np.array(hashes) == [document.text_hash for document in documents]
    is_alike = (is_same | (resemblance >= MIN_KEPT)).reshape(-1, 3).all(axis=1).tolist()
    for row, holds in zip(rows, is_alike, strict=True):
        if holds:
            yield row


def _sketches(documents: Sequence[Document]) -> Sketches:
    """One row each; empty for a document without a text."""
    rows = DocumentVector.objects.filter(document__in=documents)
    stored = rows.values_list("document", "corpus__language", "sketch")
    by_document = {(pk, language): bytes(sketch) for pk, language, sketch in stored}
    keys = [(document.pk, document.language) for document in documents]
    return as_rows([sketch_from_bytes(by_document.get(key, b"")) for key in keys])
