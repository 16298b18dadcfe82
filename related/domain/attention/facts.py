"""Reads what ``needs`` looks at, for many documents in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from related.domain.attention.kept_links import read_kept
from related.domain.attention.noticing import find_noticed
from related.domain.attention.proposal import Approved, Offered, PageFacts
from related.domain.bulk_rows import chunked
from related.domain.documents.loading import load_objects
from related.domain.documents.marks import page_marks, read_marks
from related.domain.documents.reading import body_hash
from related.domain.suggesting.rules import DocumentFacts, is_allowed
from related.domain.suggesting.versions import StoryOf, read_stories
from related.enums import Verdict
from related.models import Decision, Document, Slot, Suggestion, Summary
from related.registry import Source, registered


@dataclass(frozen=True, slots=True)
class Read:
    """The facts of some documents."""

    pages: dict[int, PageFacts]  # by document id
    visible: set[int]  # of these documents and their targets, those that the public may see
    n_approved: dict[int, int]
    with_summary: set[int]


def read_facts(documents: Sequence[Document], slots: Sequence[Slot]) -> Read:
    """The facts of these documents; the text of one is read only where it has a summary."""
    by_slot = {slot.pk: slot for slot in slots}
    decisions = list(
        Decision.objects.filter(document__in=documents)
        .exclude(verdict=Verdict.OPEN)
        .in_order()
        .select_related("target")
    )
    offers = _read_offers(documents, by_slot, decisions)
    stories = read_stories(
        {document.pk for document in documents}
        | {decision.target_id for decision in decisions}
        | {offer.target_id for some in offers.values() for offer in some}
    )
    offered = {
        document.pk: list(_of_other_stories(document.pk, offers[document.pk], stories))
        for document in documents
    }
    kept, now = read_kept([document.pk for document in documents], slots), timezone.now()
    targets = {decision.target_id: decision.target for decision in decisions}
    ends = {*targets, *(o.target_id for some in offered.values() for o in some)}
    read = read_marks({*ends, *(document.pk for document in documents)})
    marks = {document.pk: page_marks(document.pk, read) for document in documents}
    visible = visible_of({*ends, *(document.pk for document in documents)})
    coming = _still_offered([target for pk, target in targets.items() if pk not in visible])
    sources = {document.pk: document for document in documents}
    approved: dict[int, list[Approved]] = defaultdict(list)
    for decision in decisions:
        slot = by_slot.get(decision.slot_id)
        if decision.verdict == Verdict.APPROVED and slot is not None:
            is_there = decision.target_id in visible or decision.target_id in coming
            approved[decision.document_id].append(
                Approved.of(
                    decision,
                    slot,
                    now,
                    stories.get(decision.target_id),
                    is_lost=not is_there
                    or decision.is_about_another
                    or breaks_rule(sources[decision.document_id], slot, decision),
                    is_barred=not marks[decision.document_id].admits(decision.target_id),
                )
            )
    stale, with_summary = _read_summaries(documents)
    noticed = find_noticed([document.pk for document in documents])
    reviewed = {decision.document_id for decision in decisions if not decision.by_policy}
    return Read(
        pages={
            document.pk: PageFacts(
                document.pk,
                approved[document.pk],
                [o for o in offered[document.pk] if marks[document.pk].admits(o.target_id)],
                stale.get(document.pk, ""),
                document.pk in reviewed,
                not marks[document.pk].fills_itself,
                marks[document.pk].has_no_links,
                kept[document.pk],
                noticed.get(document.pk, ()),
            )
            for document in documents
        },
        visible=visible,
        n_approved={pk: len(links) for pk, links in approved.items()},
        with_summary=with_summary,
    )


def breaks_rule(document: Document, slot: Slot, decision: Decision) -> bool:
    """Whether the slot suggested this link when it was approved, and its rule no longer admits it.

    What an editor added by hand was her choice against the rule.
    """
    if decision.score is None or not slot.goes_by_similarity:
        return False
    return not is_allowed(DocumentFacts.of(document), slot, DocumentFacts.of(decision.target))


def visible_of(document_ids: Iterable[int]) -> set[int]:
    """Those of some documents whose object is public now; their texts are not read."""
    return _documents_in(Document.objects.filter(pk__in=document_ids), lambda s: s.public())


def _still_offered(documents: Sequence[Document]) -> set[int]:
    """Those that the site still has for the index, such as what is scheduled."""
    if not documents:
        return set()
    rows = Document.objects.filter(pk__in=[document.pk for document in documents])
    return _documents_in(rows, lambda source: source.queryset())


def _documents_in(rows: QuerySet[Document], ask: Callable[[Source], QuerySet[Any]]) -> set[int]:
    sources = registered()
    keys: dict[type[Model], dict[object, int]] = defaultdict(dict)
    for row in rows.only("content_type_id", "object_id"):
        model = row.kind.model_class()
        if model in sources:
            keys[model][model._meta.pk.to_python(row.object_id)] = row.pk
    return {
        document_ids[key]
        for model, document_ids in keys.items()
        for some in chunked(list(document_ids))
        for key in ask(sources[model]).order_by().filter(pk__in=some).values_list("pk", flat=True)
    }


def _read_offers(
    documents: Sequence[Document], slots: dict[int, Slot], decisions: Sequence[Decision]
) -> dict[int, list[Offered]]:
    """Suggestions that nobody decided on, by document, each slot's best first."""
    rejected = {(d.document_id, d.target_id) for d in decisions if d.verdict == Verdict.REJECTED}
    decided = {(d.document_id, d.slot_id, d.target_id) for d in decisions}
    rows = (
        Suggestion.objects.served()
        .filter(document__in=documents, slot__in=slots)
        .order_by("document", "slot", "rank")
        .values_list("document", "slot", "target", "score")
    )
    offered: dict[int, list[Offered]] = defaultdict(list)
    for document_id, slot_id, target_id, score in rows:
        if (document_id, target_id) in rejected or (document_id, slot_id, target_id) in decided:
            continue
        chance = slots[slot_id].chance_of(score)
        if chance is not None:
            offered[document_id].append(Offered(slot_id, target_id, chance))
    return offered


def _of_other_stories(
    document_id: int, offers: Sequence[Offered], stories: StoryOf
) -> Iterator[Offered]:
    """Without versions of the document itself: an editor may have said so since they were found."""
    own = stories.get(document_id)
    for offer in offers:
        story = stories.get(offer.target_id)
        if story is None or story != own:
            yield replace(offer, story=story)


def _read_summaries(documents: Sequence[Document]) -> tuple[dict[int, str], set[int]]:
    """The present hash of each body whose summary is about an older one; who has a summary."""
    rows = Summary.objects.filter(document__in=documents).exclude(text="")
    hashes = {pk: text_hash for text_hash, pk in rows.values_list("text_hash", "document")}
    objects = load_objects([d for d in documents if d.pk in hashes], public=False)
    sources = {document.pk: document.source for document in documents if document.pk in objects}
    present = {pk: body_hash(sources[pk], obj) for pk, obj in objects.items()}
    return {pk: body for pk, body in present.items() if body != hashes[pk]}, set(hashes)
