"""Which links an operation in bulk would change: found in a few queries, and changed by none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, StrIndex

from related.domain.decisions.accounts import Account
from related.domain.decisions.reverting import runs_of
from related.domain.desk.queue import QueueFilter, QueueState, find_queue
from related.domain.documents.marks import is_sensitive, marks_of
from related.domain.operations.sets import LinkSet
from related.enums import Verdict
from related.models import Decision, DecisionLog, Document, ReviewState, Slot, Suggestion
from related.registry import registered

Key = tuple[int, int, int]  # document, slot, target
NEWEST_FIRST = ("-document__review_state__sorted_at", "-document_id")
KEYS = ("document_id", "slot_id", "target_id")


@dataclass(frozen=True, slots=True)
class Plan:
    links: LinkSet
    n_kept: int = 0  # found as well, and left out: changed since, or on a sensitive page


def plan_approvals(wanted: QueueFilter, user: Any, chance: float) -> Plan:
    """What the pages of a filter propose that is at least so likely to be approved.

    The proposal is the page as its editor sees it: each target in its place, and nothing that was
    closed as done. A sensitive page is left to an editor who looks at each of its links.
    """
    above = Q(pk__in=[])
    for slot in _slots(wanted).filter(requires_approval=True).by_similarity().with_strength():
        score = slot.curve.score_for(chance)
        if score is not None:
            above |= Q(slot=slot, score__gte=score)
    item = Concat(
        *(Value('"more:'), F("slot__key"), Value(":")),
        *(Cast("target_id", TextField()), Value('"')),
        output_field=TextField(),
    )
    states = find_queue(replace(wanted, state=QueueState.TO_REVIEW, strength=""), user)
    rows = (
        Suggestion.objects.served()
        .filter(above, document__review_state__in=states.order_by())
        .annotate(
            place=StrIndex(Cast("document__review_state__items", TextField()), item),
            marks=marks_of("document__"),
        )
        .filter(place__gt=0)
        .order_by(*NEWEST_FIRST, "slot__position", "rank")
        .values_list(*KEYS, "marks")
    )
    links = [row[:3] for row in rows if not is_sensitive(row[3])]
    return Plan(LinkSet.of(_first_or_open(links)), n_kept=len(rows) - len(links))


def plan_rejections(
    wanted: QueueFilter, user: Any, target: Document, *, approved_too: bool = False
) -> Plan:
    """Where a target is suggested, once for each document, for that keeps it out of all slots; and
    where it is approved, if that is asked for."""
    pages = _pages(wanted, user)
    decided = Decision.objects.filter(target=target, document__review_state__in=pages)
    approved = decided.approved().order_by(*NEWEST_FIRST)
    offered = (
        Suggestion.objects.served()
        .undecided()
        .filter(target=target, slot__in=_slots(wanted), document__review_state__in=pages)
        .exclude(document__in=decided.approved().values("document"))
        .order_by(*NEWEST_FIRST, "slot__position")
        .values_list(*KEYS)
    )
    once: dict[int, Key] = {}
    for key in offered:
        once.setdefault(key[0], key)
    links = list(_first_or_open(once.values()))
    if approved_too:
        here = approved.filter(slot__in=_slots(wanted))
        links += [(*row, 0) for row in here.values_list(*KEYS, "version")]
    return Plan(LinkSet.of(links))


def plan_reopening(
    account: Account, since: datetime, until: datetime | None, wanted: QueueFilter, user: Any
) -> Plan:
    """The decisions of an account in a period, so that they are open again."""
    found = _standing(account, since, until, wanted, user)
    is_open = set(_of_account(account).filter(verdict=Verdict.OPEN).values_list(*KEYS))
    links = (row for row in found.links.rows.tolist() if tuple(row[:3]) not in is_open)
    return replace(found, links=LinkSet.of(tuple(row) for row in links))


def plan_reverting(
    account: Account, since: datetime, until: datetime | None, wanted: QueueFilter, user: Any
) -> Plan:
    """The same, with what stood before each to be put back."""
    return _standing(account, since, until, wanted, user)


def plan_undo(operation: UUID) -> Plan:
    """What an operation changed, as far as it came, with what stood before."""
    entries = DecisionLog.objects.filter(operation=operation).of_decisions().order_by("-pk")
    found = list(entries.values_list(*KEYS, "version", "pk"))
    at = Decision.objects.filter(document__in=entries.values("document"))
    versions = {row[:3]: row[3] for row in at.values_list(*KEYS, "version")}
    links = [row for row in found if versions.get(row[:3]) == row[3]]
    return Plan(LinkSet.of(links), n_kept=len(found) - len(links))


def _standing(
    account: Account, since: datetime, until: datetime | None, wanted: QueueFilter, user: Any
) -> Plan:
    """What an account decided in a period and nobody changed since, newest first."""
    slots = set(_slots(wanted).values_list("pk", flat=True)) if wanted.slot else None
    pages = _document_ids(wanted, user)
    runs = [
        run
        for run in runs_of(account, since, until)
        if (slots is None or run.slot_id in slots) and (pages is None or run.document_id in pages)
    ]
    versions = {row[:3]: row[3] for row in _of_account(account).values_list(*KEYS, "version")}
    links = [
        (*run.key, run.version, run.first)
        for run in sorted(runs, key=lambda run: -run.first)
        if versions.get(run.key) == run.version
    ]
    return Plan(LinkSet.of(links), n_kept=len(runs) - len(links))


def _of_account(account: Account) -> QuerySet[Decision]:
    return Decision.objects.filter(decided_by=account.user)


def _first_or_open(keys: Iterable[Key]) -> Iterator[tuple[int, ...]]:
    """Links that nobody decided on, with the version of those whose decision was taken back."""
    taken_back = Decision.objects.filter(verdict=Verdict.OPEN).values_list(*KEYS, "version")
    versions = {row[:3]: row[3] for row in taken_back}
    return ((*key, versions.get(key, 0), 0) for key in keys)


def _slots(wanted: QueueFilter) -> Any:
    slots = Slot.objects.active()
    return slots.filter(key=wanted.slot) if wanted.slot else slots


def _pages(wanted: QueueFilter, user: Any) -> QuerySet[ReviewState]:
    """The pages of a filter, in whatever state; its slot and strength are about links."""
    everywhere = replace(wanted, state=QueueState.ALL, slot="", strength="")
    return find_queue(everywhere, user).order_by()


def _document_ids(wanted: QueueFilter, user: Any) -> set[int] | None:
    """The same, by their documents; None where the filter leaves nothing out."""
    is_for_all = all(source.review_sections(user) is None for source in registered().values())
    if is_for_all and replace(wanted, slot="", strength="", state=QueueState.ALL) == QueueFilter(
        state=QueueState.ALL
    ):
        return None
    return set(_pages(wanted, user).values_list("document_id", flat=True))
