"""Taking waiting documents for work: the most urgent first, and alone what was tried before."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from related.conf import conf
from related.domain.bulk_rows import chunked
from related.models import Document, Worker
from related.models.documents import DocumentQuerySet

logger = logging.getLogger(__name__)


def names_of(document: Document) -> dict[str, Any]:
    """What every line of the log about the work on a claimed document carries."""
    return {"document": document.label, "revision": document.want_rev}


def choose_batches(rows: DocumentQuerySet, *, limit: int, at_once: int) -> list[Sequence[int]]:
    """Up to ``limit`` claimable documents of a set, by key, in batches to be claimed in turn.

    First tries go some at a time, then each document alone that failed, or whose worker died: the
    others of a batch lose one try to it at most. What was set aside fills what is left.
    """
    tries = rows.claimable().values_list("pk", "attempts")
    chosen = list(tries.filter(attempts__lt=conf.max_attempts)[:limit])
    if len(chosen) < limit:
        chosen += tries.filter(attempts__gte=conf.max_attempts)[: limit - len(chosen)]
    first_tries = [pk for pk, attempts in chosen if attempts == 0]
    return [*chunked(first_tries, at_once), *([pk] for pk, attempts in chosen if attempts > 0)]


def claim(worker: Worker, keys: Sequence[int]) -> list[Document]:
    """Those of the documents that are still claimable and that no other worker has.

    Each attempt is counted and committed before the work starts: a text that kills its worker is
    set aside after ``MAX_ATTEMPTS`` tries instead of killing workers for ever.
    """
    documents = Document.objects.filter(pk__in=keys).claim(worker)
    for document in documents:
        attempt = document.attempts
        logger.info("document claimed", extra={**names_of(document), "attempt": attempt})
    return documents


def free_dead() -> None:
    """Free the documents of dead workers, to be tried again."""
    for document in Document.objects.free_dead():
        _log_failure(document, "worker died")


def record_failure(document: Document, error: Exception) -> None:
    """Keep the reason of a failure with its document, and try again later; at last, rarely."""
    document.record_failure(error)
    _log_failure(document, "document failed", error)


def _log_failure(document: Document, step: str, error: Exception | None = None) -> None:
    is_last = document.attempts >= conf.max_attempts
    logger.error(
        "document set aside" if is_last else step,
        exc_info=error,
        extra={**names_of(document), "attempt": document.attempts},
    )
