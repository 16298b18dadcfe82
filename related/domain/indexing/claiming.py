"""Taking waiting documents for work: leases, counted attempts, and setting aside what fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F
from django.utils import timezone

from related.conf import conf
from related.domain.bulk_rows import chunked
from related.domain.transactions import background_transaction
from related.models import Document
from related.models.documents import DocumentQuerySet
from related.similarity.warm_up import warm_up

# The slowest texts take some tenths of a second each, and all of them have to be worked off within
# their lease; their words take megabytes each.
CLAIMED_AT_ONCE = 50

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """A document taken for work, and the revision that the work will answer."""

    document: Document
    want_rev: int

    @property
    def names(self) -> dict[str, Any]:
        """What every line of the log about this work carries."""
        return {"document": self.document.label, "revision": self.want_rev}

    def still_wanted(self) -> DocumentQuerySet:
        """The row, as long as it waits for this revision."""
        return Document.objects.waiting().filter(pk=self.document.pk, want_rev=self.want_rev)

    def still_held(self) -> DocumentQuerySet:
        """The same, as long as its lease is the one that was taken."""
        return self.still_wanted().filter(due_at=self.document.due_at)


def claim_batches(limit: int, due: DocumentQuerySet) -> Iterator[list[Claim]]:
    """Take up to ``limit`` due documents, the most urgent first: first tries some at a time, then
    each document that failed, or whose worker died, alone. Second chances fill what is left.

    Each attempt is counted and committed before the work starts: a text that kills its worker is
    set aside after ``MAX_ATTEMPTS`` tries instead of killing workers for ever. What is tried again
    is claimed only when its turn comes, so the others of a batch lose one try to it at most.

    Raises:
        EngineUnavailable: this process cannot compare texts; nothing was claimed.
    """
    tries = due.values_list("pk", "attempts")
    waiting = list(tries.filter(attempts__lt=conf.max_attempts)[:limit])
    if len(waiting) < limit:
        second = tries.filter(attempts__gte=conf.max_attempts)
        waiting += second[: limit - len(waiting)]
    if waiting:
        warm_up()  # first: what fails here, or takes seconds, is no document's fault
    first_tries = [pk for pk, attempts in waiting if attempts == 0]
    for chunk in chunked(first_tries, CLAIMED_AT_ONCE):
        if claims := claim(chunk):
            yield claims
    for pk, attempts in waiting:
        if attempts > 0 and (alone := claim([pk])):
            yield alone


def claim(keys: Sequence[int]) -> list[Claim]:
    """Those of the documents that are still due and that no other worker has."""
    taken = Document.objects.filter(pk__in=keys).claim()
    claims = [Claim(document, document.want_rev) for document in taken]
    for claim_ in claims:
        attempt = claim_.document.attempts + 1
        logger.info("document claimed", extra={**claim_.names, "attempt": attempt})
    return claims


def hand_back(claims: Sequence[Claim]) -> list[int]:
    """Free what is still held of some claims, as if it had not been taken; returns its keys.

    What a save holds at the moment is left to it, and to its lease.
    """
    rows = Document.objects.filter(pk__in=[claim_.document.pk for claim_ in claims])
    with background_transaction():
        free = set(rows.lock_in_order(skip_locked=True).values_list("pk", flat=True))
        return [
            claim_.document.pk
            for claim_ in claims
            if claim_.document.pk in free
            and claim_.still_held().update(
                due_at=claim_.document.was_due_at, attempts=F("attempts") - 1
            )
        ]


def record_failure(claim: Claim, error: Exception) -> None:
    """Keep the reason of a failure with its document, and try again later; at last, rarely."""
    document = claim.document
    attempt = document.attempts + 1
    is_last = attempt >= conf.max_attempts
    logger.error(
        "document set aside" if is_last else "document failed",
        exc_info=error,
        extra={**claim.names, "attempt": attempt},
    )
    wait = timedelta() if is_last else _pause_after(claim)
    claim.still_wanted().update(error=_described(error), due_at=timezone.now() + wait)


def _pause_after(claim: Claim) -> timedelta:
    return timedelta(seconds=2 ** min(claim.document.attempts + 1, 6))


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")


@contextmanager
def given_back(claims: Sequence[Claim]) -> Iterator[None]:
    """Around the work on some claims: where the database fails, none of them is set aside for it.

    Several are free at once, to be tried one by one. One that was alone loses no attempt, but waits
    a little: should it be to blame after all, others must not fail with it for ever.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        _give_back(claims, error)
        raise


def _give_back(claims: Sequence[Claim], error: Exception) -> None:
    """As far as the database answers again."""
    if connection.in_atomic_block:  # the caller's transaction is broken, and rolls it back anyway
        return
    connection.close()
    try:
        for claim_ in claims:
            # Those that were stored, or that failed by themselves, are in nobody's hands any more.
            held = claim_.still_held()
            if len(claims) > 1:
                held.update(due_at=timezone.now())
            else:
                held.update(
                    attempts=F("attempts") - 1,
                    due_at=timezone.now() + _pause_after(claim_),
                    error=_described(error),
                )
    except (OperationalError, InterfaceError):
        logger.warning("attempts not given back: the database is away")
