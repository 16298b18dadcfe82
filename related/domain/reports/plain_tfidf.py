"""How plain TF-IDF would rank the archive's own texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from related.conf import conf
from related.domain.bulk_rows import chunked
from related.domain.documents.loading import Unreadable, indexed_objects
from related.domain.reports.measures import Rankings
from related.domain.reports.queries import SEED, Query
from related.models import Document
from related.similarity.baseline import PlainTfidf
from related.similarity.text.plain_text import plain_text

# Of a larger archive, the documents asked about, their links, and others drawn at random: a
# minute, and less than a gigabyte. The fewer there are, the easier it is to find the right ones.
N_TEXTS = 50_000
N_RANKED = 40

Progress = Callable[[Iterable[str], int], Iterable[str]]


def rank_plainly(
    queries: Sequence[Query], progress: Progress = lambda texts, n: texts, n_texts: int = N_TEXTS
) -> tuple[Rankings, int]:
    """What scikit-learn finds with its defaults, and among how many documents."""
    wanted = {key for query in queries for key in (query.key, *query.relevant)}
    indexed = np.array(
        list(Document.objects.indexed().order_by("pk").values_list("pk", flat=True)), np.int64
    )
    is_wanted = np.isin(indexed, list(wanted))
    others = indexed[~is_wanted]
    n_others = max(n_texts - int(is_wanted.sum()), 0)
    if len(others) > n_others:
        others = np.random.default_rng(SEED).choice(others, n_others, replace=False)
    keys = np.sort(np.concatenate([indexed[is_wanted], others])).tolist()
    plain = PlainTfidf(keys, progress(_texts(keys), len(keys)))
    asked = [query.key for query in queries]
    nearest = plain.nearest(asked, N_RANKED)
    return {key: row.tolist() for key, row in zip(asked, nearest, strict=True)}, len(keys)


def _texts(keys: Sequence[int]) -> Iterator[str]:
    """Title and body of each document in turn; "" for what cannot be read any more."""
    for some in chunked(keys):
        rows = Document.objects.in_bulk(list(some))
        documents = [rows[key] for key in some]
        for document, obj in zip(documents, indexed_objects(documents), strict=True):
            yield "" if obj is None or isinstance(obj, Unreadable) else _text(document, obj)


def _text(document: Document, obj: Any) -> str:
    source = document.source
    body = plain_text(source.text(obj) or "", conf.max_text_bytes)
    return f"{source.title(obj) or ''} {body}"
