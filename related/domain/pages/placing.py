"""From decisions and suggestions to the links on a page; visibility is decided here, on reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Model

from related.addresses import web_address
from related.domain.documents.loading import load_objects
from related.domain.pages.arranging import arrange
from related.domain.pages.candidates import SOURCES, Candidate, collect_candidates
from related.domain.pages.links import FilledSlot, Link, Page, make_link
from related.domain.pages.summaries import is_current
from related.enums import LinkSource
from related.languages import page_language
from related.models import Document, Slot, SlotHeading, Summary
from related.registry import source_for

__all__ = ["FilledSlot", "Link", "Page", "place_links"]


def place_links(objects: Sequence[Model], *, preview: bool = False) -> list[Page]:
    """The pages of these objects, in their order, in a constant number of queries per model.

    Hidden targets do not exist here: they are in no list, no count and no answer. A hidden
    object's own page comes back with empty slots.

    Args:
        preview: for editors: shows suggestions that wait for approval, and a hidden object's page.

    Raises:
        LookupError: an object's model is not registered.
    """
    slots = list(Slot.objects.active().with_strength())
    documents = _documents_of(objects)
    rows = list(documents.values())
    candidates = collect_candidates(rows, slots, preview=preview)
    targets = {
        candidate.target
        for tiers in candidates.values()
        for tier in tiers.values()
        for candidate in tier
    }
    visible = load_objects({*targets, *rows}, public=True)
    custom: dict[int, dict[int, str]] = defaultdict(dict)  # document id -> slot id -> heading
    for row in SlotHeading.objects.filter(document__in=rows):
        custom[row.document_id][row.slot_id] = row.heading
    summaries = {s.document_id: s for s in Summary.objects.filter(document__in=rows)}

    pages = []
    for obj in objects:
        source = source_for(type(obj))
        document = documents.get((source.model, str(obj.pk)))
        language = page_language(source.language(obj) or "")
        headings = {slot.pk: slot.heading_in(language) for slot in slots}
        filled = {slot.key: FilledSlot(slot.key, headings[slot.pk]) for slot in slots}
        summary = None
        if document is not None and (preview or document.pk in visible):
            headings |= custom[document.pk]
            filled = _fill(document, slots, candidates[document.pk], visible, headings)
            approved = summaries.get(document.pk)
            if approved is not None and is_current(approved, source, obj):
                summary = approved.text
        pages.append(
            Page(
                type=source.model._meta.label_lower,
                id=str(obj.pk),
                title=source.title(obj),
                url=web_address(source.url(obj)),
                slots=filled,
                summary=summary,
                language=language,
            )
        )
    return pages


def _documents_of(objects: Sequence[Model]) -> dict[tuple[type[Model], str], Document]:
    by_model: dict[type[Model], list[str]] = defaultdict(list)
    for obj in objects:
        by_model[source_for(type(obj)).model].append(str(obj.pk))
    return {
        (model, document.object_id): document
        for model, object_ids in by_model.items()
        for document in Document.objects.for_objects(model, object_ids)
    }


def _fill(
    document: Document,
    slots: list[Slot],
    tiers: dict[int, list[Candidate]],
    visible: dict[int, Any],
    headings: dict[int, str],
) -> dict[str, FilledSlot]:
    """Give each slot its links."""
    arranged = arrange(document.pk, slots, tiers, visible)
    return {
        slot.key: FilledSlot(
            slot.key,
            headings[slot.pk],
            [
                _link(each, visible[each.target.pk], SOURCES[tier])
                for tier, each in arranged[slot.pk]
            ],
        )
        for slot in slots
    }


def _link(candidate: Candidate, obj: Any, source: LinkSource) -> Link:
    return make_link(
        candidate.target,
        obj,
        source,
        similarity=candidate.similarity,
        score=candidate.score,
        strength=candidate.slot.chance_of(candidate.score),
        reasons=candidate.reasons,
    )
