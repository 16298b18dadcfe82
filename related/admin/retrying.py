"""Sending documents that were set aside to the workers once more."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import ngettext

from related.domain.bulk_rows import chunked
from related.domain.decisions.permissions import may_retry
from related.domain.transactions import after_commit
from related.enums import Priority
from related.models import Document
from related.wakeups import wake_up

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retried:
    n_marked: int
    n_refused: int  # in sections that are not the editor's

    def __str__(self) -> str:
        marked = ngettext(
            "%(n)d document will be retried.", "%(n)d documents will be retried.", self.n_marked
        ) % {"n": self.n_marked}
        if not self.n_refused:
            return marked
        refused = ngettext(
            "%(n)d is not yours to decide.", "%(n)d are not yours to decide.", self.n_refused
        ) % {"n": self.n_refused}
        return f"{marked} {refused}"


def retry_documents(user: Any, documents: Sequence[Document], priority: Priority) -> Retried:
    """Forget the failed attempts and let the workers start over, as far as the user may ask for it.

    Many are marked in short transactions, so that no editor's save waits for all of them. What
    waited before keeps its priority where that is the more urgent one.
    """
    n_marked = n_allowed = 0
    for chunk in chunked(documents):
        allowed = [document.pk for document in may_retry(user, chunk)]
        n_allowed += len(allowed)
        with transaction.atomic():
            rows = Document.objects.failed().filter(pk__in=allowed).lock_in_order()
            n_marked += rows.mark(priority)
            after_commit(wake_up, allowed, priority)
        for document in chunk:
            if document.pk in allowed:
                names = {"document": document.label, "revision": document.want_rev + 1}
                logger.info("document revived", extra={**names, "user": user.pk})
    return Retried(n_marked, len(documents) - n_allowed)
