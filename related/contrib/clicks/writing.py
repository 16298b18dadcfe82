"""From counts in memory to rows: looked up, checked against the pages, added in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from related.contrib.clicks.models import ClickSum, DailyClicks, Trial
from related.contrib.clicks.pending import Counts
from related.contrib.clicks.standing import Pair, key_of, standing_links
from related.contrib.clicks.upserting import Row, add_counts
from related.domain.bulk_rows import chunked
from related.domain.pages.trials import shows_b
from related.models import Document, Slot
from related.registry import Source

DAILY = ["document_id", "slot_id", "target_id", "place", "day", "variant"]
SUMS = ["day", "slot_id", "place", "strength"]
# A page that a reader opened has links that were replaced meanwhile; they were counted before.
RECENTLY = timedelta(days=1)

Added = dict[Row, tuple[int, int]]


def write_counts(counts: Counts) -> int:
    """Add the counts of links that stand on their page, or did a moment ago; returns how many."""
    strengths = standing_links(link.document for link in counts)
    pairs: set[Pair] = {(link.document, link.slot, link.target) for link in counts}
    documents = _find_documents({name for pair in pairs for name in (pair[0], pair[2])})
    slots = dict(Slot.objects.active().values_list("key", "pk"))
    strengths |= _counted_before(pairs - strengths.keys(), documents, slots)
    trials = {trial.slot_id: trial for trial in Trial.objects.filter(ended_at=None)}
    strength_of: dict[Row, str] = {}  # one for a row, however beacons spell it
    daily: Added = {}
    sums: Added = {}
    for link, (shown, clicked) in counts.items():
        strength = strengths.get((link.document, link.slot, link.target))
        document, target = documents.get(link.document), documents.get(link.target)
        slot = slots.get(link.slot)
        if strength is None or document is None or target is None or slot is None:
            continue
        trial = trials.get(slot)
        variant = trial.variant(is_b=shows_b(slot, document)) if trial else ""
        row = (document, slot, target, link.place, link.day, variant)
        strength = strength_of.setdefault(row, strength)
        _add(daily, (*row, strength), shown, clicked)
        _add(sums, (link.day, slot, link.place, strength), shown, clicked)
    with transaction.atomic():
        add_counts(DailyClicks, DAILY, ["strength"], daily)
        add_counts(ClickSum, SUMS, [], sums)
    return len(daily)


def _add(rows: Added, row: Row, shown: int, clicked: int) -> None:
    before = rows.get(row, (0, 0))
    rows[row] = before[0] + shown, before[1] + clicked


def _find_documents(references: Iterable[str]) -> dict[str, int]:
    """Ids of documents by how beacons name them."""
    named: dict[Source, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for reference in references:
        key = key_of(reference)
        if key is not None:
            named[key[0]][key[1]].append(reference)
    return {
        reference: pk
        for source, by_id in named.items()
        for some in chunked(list(by_id))
        for object_id, pk in Document.objects.for_objects(source.model, list(some)).values_list(
            "object_id", "pk"
        )
        for reference in by_id[object_id]
    }


def _counted_before(
    pairs: set[Pair], documents: dict[str, int], slots: dict[str, int]
) -> dict[Pair, str]:
    """Those that were counted since yesterday, with their strength."""
    wanted = {
        (documents[document], slots[slot], documents[target]): (document, slot, target)
        for document, slot, target in pairs
        if document in documents and target in documents and slot in slots
    }
    since = timezone.localdate() - RECENTLY
    found: dict[Pair, str] = {}
    for some in chunked(sorted({document for document, _slot, _target in wanted})):
        rows = DailyClicks.objects.filter(document__in=some, day__gte=since)
        for *ids, strength in rows.values_list("document", "slot", "target", "strength"):
            pair = wanted.get(tuple(ids))  # type: ignore[arg-type]  # three ids
            if pair is not None:
                found[pair] = strength
    return found
