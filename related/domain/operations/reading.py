"""The links of an operation as people read them: a page of them, or all, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from related.domain.bulk_rows import chunked
from related.domain.documents.titles import read_titles
from related.domain.operations.sets import LinkRow, LinkSet
from related.enums import BulkKind, Strength, Verdict
from related.models import BulkOperation, Decision, DecisionLog, Document, Slot, Suggestion

AT_ONCE = 500  # links
THEN = {
    BulkKind.APPROVE: Verdict.APPROVED,
    BulkKind.REJECT: Verdict.REJECTED,
    BulkKind.REOPEN: Verdict.OPEN,
}


@dataclass(frozen=True, slots=True)
class ShownLink:
    document: Document
    title: str
    slot: Slot
    target: Document
    target_title: str
    strength: float | None  # the chance of approval
    now: str  # the verdict, "" where nobody decided
    then: str
    is_changed: bool  # the decision is no longer as it was when the set was made

    @property
    def strength_word(self) -> str:
        return "" if self.strength is None else str(Strength.of(self.strength).label)


def read_links(operation: BulkOperation, links: LinkSet, start: int, end: int) -> list[ShownLink]:
    """A part of the set with live titles; a constant number of queries."""
    return _read(operation, list(links.part(start, end)))


def read_all(operation: BulkOperation, links: LinkSet) -> Iterator[ShownLink]:
    """All of it, some at a time."""
    for numbers in chunked(range(len(links)), AT_ONCE):
        yield from read_links(operation, links, numbers[0], numbers[-1] + 1)


def slots_of(links: LinkSet) -> list[tuple[Slot, int]]:
    """How many links of each slot, in page order."""
    counts = links.n_per_slot()
    return [(slot, counts[slot.pk]) for slot in Slot.objects.filter(pk__in=counts)]


def _read(operation: BulkOperation, rows: Sequence[LinkRow]) -> list[ShownLink]:
    kind = BulkKind(operation.kind)
    wanted = {row.document for row in rows} | {row.target for row in rows}
    documents = Document.objects.in_bulk(wanted)
    titles = read_titles(documents.values())
    slots = {slot.pk: slot for slot in Slot.objects.with_strength()}
    about = {"document__in": [row.document for row in rows], "target__in": [r.target for r in rows]}
    decisions = {
        (each.document_id, each.slot_id, each.target_id): each
        for each in Decision.objects.filter(**about)
    }
    scores = {
        row[:3]: row[3]
        for row in Suggestion.objects.served()
        .filter(**about)
        .values_list("document_id", "slot_id", "target_id", "score")
    }
    entries = DecisionLog.objects.in_bulk([row.entry for row in rows if row.entry])

    def shown(row: LinkRow) -> ShownLink:
        slot, decision, entry = slots[row.slot], decisions.get(row.key), entries.get(row.entry)
        known = decision.known_score if decision else None
        score = scores.get(row.key, known)
        before = entry.before.get("verdict", Verdict.OPEN) if entry else Verdict.OPEN
        return ShownLink(
            document=documents[row.document],
            title=titles[row.document],
            slot=slot,
            target=documents[row.target],
            target_title=titles[row.target],
            strength=slot.chance_of(score),
            now=str(Verdict(decision.verdict).label) if decision else "",
            then=str(THEN.get(kind, Verdict(before)).label),
            is_changed=(decision.version if decision else 0) != row.version,
        )

    return [shown(row) for row in rows]
