"""Taking back what one account did: after a serious mistake, or with a stolen password."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from related.domain.decisions.accounts import Account
from related.domain.decisions.undoing import restoring
from related.domain.decisions.writing import change_each
from related.domain.pages.rows import rewrite_pages
from related.domain.transactions import announce_changes
from related.models import Decision, DecisionLog, SlotHeading, Summary

# What stood before a decision's first change by the account, and its version after the last one.
Reverted = tuple[DecisionLog, int]


def find_decisions_by(account: Account, since: datetime) -> list[Reverted]:
    """What an account decided since a moment: one each for an article, a slot and a target.

    Where somebody else decided in between, only what the account did after that counts.
    """
    entries = account.entries().of_decisions().filter(at__gte=since)
    return [(first, last.version) for first, last in _last_runs(entries)]


def revert_decisions(found: list[Reverted], *, user: Any) -> tuple[int, int]:
    """Put each decision back to what stood before; logged as the user's, under one operation.

    Editors go on meanwhile, and what one of them changed after the account did stays as it is.

    Returns:
        How many decisions were put back, and how many stay because somebody changed them since.
    """
    changes = [restoring(first, version) for first, version in found]
    return change_each(changes, user=user, operation=uuid4())


def find_texts_by(
    account: Account, since: datetime
) -> tuple[QuerySet[SlotHeading], QuerySet[Summary]]:
    """The headings and the summaries on pages now that an account wrote since a moment.

    None of a deleted account: of those, the rows keep no key.
    """
    if account.user is None:
        return SlotHeading.objects.none(), Summary.objects.none()
    headings = SlotHeading.objects.filter(changed_by=account.user, changed_at__gte=since)
    summaries = Summary.objects.filter(approved_by=account.user, approved_at__gte=since)
    return headings, summaries.exclude(text="")


def take_down_texts(
    headings: QuerySet[SlotHeading], summaries: QuerySet[Summary], *, user: Any
) -> tuple[int, int]:
    """Return headings to their slot's and take summaries down: of these, no earlier text is kept.

    Returns:
        How many headings and how many summaries.
    """
    with transaction.atomic():
        document_ids = {*headings.values_list("document", flat=True)}
        document_ids |= {*summaries.values_list("document", flat=True)}
        n_headings, _ = headings.delete()
        n_summaries = summaries.update(
            text="", approved_by=user, approved_at=timezone.now(), version=F("version") + 1
        )
        rewrite_pages(document_ids)
        announce_changes(document_ids)
    return n_headings, n_summaries


def changed_since(found: list[Reverted]) -> int:
    """How many of these somebody changed after the account did, as of now."""
    return sum(
        not Decision.objects.filter(
            document=first.document, slot=first.slot, target=first.target, version=version
        ).exists()
        for first, version in found
    )


def _last_runs(entries: QuerySet[DecisionLog]) -> Iterator[tuple[DecisionLog, DecisionLog]]:
    """First and last entry of the account's latest changes in a row, for each decision."""
    of_one_place = ("document_id", "slot_id", "target_id")
    rows = entries.select_related("document", "slot", "target").order_by(*of_one_place, "version")
    for _, changes in groupby(rows, key=lambda row: [getattr(row, name) for name in of_one_place]):
        of_the_place = list(changes)
        first = last = of_the_place[0]
        for entry in of_the_place[1:]:
            if entry.version != last.version + 1:
                first = entry
            last = entry
        yield first, last
