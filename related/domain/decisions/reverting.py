"""Taking back what one account decided: after a serious mistake, or with a stolen password."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from related.domain.bulk_rows import chunked
from related.domain.decisions.accounts import Account
from related.domain.decisions.undoing import restoring
from related.domain.decisions.writing_many import change_each
from related.models import Decision, DecisionLog

# What stood before a decision's first change by the account, and its version after the last one.
Reverted = tuple[DecisionLog, int]
PLACE = ("document_id", "slot_id", "target_id")


@dataclass(frozen=True, slots=True)
class Run:
    """The latest changes in a row that an account made of one decision in a period."""

    document_id: int
    slot_id: int
    target_id: int
    first: int  # primary key of the entry that says what stood before
    version: int  # of the decision, after the last one

    @property
    def key(self) -> tuple[int, int, int]:
        return self.document_id, self.slot_id, self.target_id


def runs_of(account: Account, since: datetime, until: datetime | None = None) -> Iterator[Run]:
    """What an account decided in a period: one each for an article, a slot and a target.

    Where somebody else decided in between, only what the account did after that counts.
    """
    entries = account.entries().of_decisions().filter(at__gte=since)
    if until is not None:
        entries = entries.filter(at__lt=until)
    rows = entries.order_by(*PLACE, "version").values_list(*PLACE, "pk", "version")
    for key, changes in groupby(rows, key=lambda row: row[:3]):
        first = last = 0
        for *_, entry, version in changes:
            if version != last + 1 or not first:
                first = entry
            last = version
        yield Run(key[0], key[1], key[2], first, last)


def find_decisions_by(account: Account, since: datetime) -> list[Reverted]:
    """What ``runs_of`` finds, with the entries of the log."""
    runs = list(runs_of(account, since))
    entries: dict[int, DecisionLog] = {}
    for some in chunked(runs):
        rows = DecisionLog.objects.select_related("document", "slot", "target")
        entries |= rows.in_bulk([run.first for run in some])
    return [(entries[run.first], run.version) for run in runs]


def revert_decisions(found: list[Reverted], *, user: Any, operation: UUID) -> tuple[int, int]:
    """Put each decision back to what stood before; logged as the user's, under one operation.

    Editors go on meanwhile, and what one of them changed after the account did stays as it is.

    Returns:
        How many decisions were put back, and how many stay because somebody changed them since.
    """
    n_reverted = n_kept = 0
    for some in chunked(found):
        changes = [restoring(first, version) for first, version in some]
        counts = change_each(changes, user=user, operation=operation)
        n_reverted, n_kept = n_reverted + counts[0], n_kept + counts[1]
    return n_reverted, n_kept


def changed_since(found: list[Reverted]) -> int:
    """How many of these somebody changed after the account did, as of now."""
    return sum(
        not Decision.objects.filter(
            document=first.document, slot=first.slot, target=first.target, version=version
        ).exists()
        for first, version in found
    )
