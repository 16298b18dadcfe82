"""The slot rules that go by date: newest in the section, the one before, the one after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from related.domain.documents.marks import bars_of, marks_of, without
from related.domain.documents.visibility import is_public
from related.domain.suggesting.rules import DocumentFacts, is_allowed
from related.domain.suggesting.versions import (
    ORDER,
    StoryOf,
    annotated_story,
    story_of,
    strictly,
)
from related.enums import Rule
from related.models import Document, Slot

# Read beyond a slot's own count, for targets that are rejected or placed elsewhere on the page.
SPARE_CANDIDATES = 20
# The same where all pages are read at once; what is left then is found by ``targets_by_date``.
FEW_SPARES = 8

Found = tuple[Document, DocumentFacts]


def targets_by_date(
    documents: Sequence[Document],
    ruled: Sequence[tuple[Slot, Rule, int]],
    stories: StoryOf,
    marks: Mapping[int, int],
) -> Iterator[tuple[Document, Slot, int, Document]]:
    """What the rules by date put forward, nearest first; one query for everything together.

    Args:
        ruled: slots with the rule to apply and a tag that is handed back; similarity rules are
            passed over.
        stories: those of the documents.
        marks: likewise.

    Yields:
        document, slot, tag, target.
    """
    dated = [item for item in ruled if item[1].is_date]
    wanted = [
        _nearest(document, slot, rule, stories.get(document.pk), marks.get(document.pk, 0))
        for document in documents
        for slot, rule, _ in dated
    ]
    if not wanted:
        return
    # Everything found for one document and slot is looked at for all: whatever else is in the
    # list lies further away than the slot's own candidates, so their order stays right.
    rows = wanted[0]
    if len(wanted) > 1:
        matches = reduce(or_, (Q(pk__in=queryset.values("pk")) for queryset in wanted))
        rows = Document.objects.filter(matches).annotate(story=story_of("pk"), marks=marks_of())
    newest_first = sorted(
        ((row, DocumentFacts.of(row, annotated_story(row), _marks(row))) for row in rows),
        key=lambda pair: pair[1].order_key,
        reverse=True,
    )
    for document in documents:
        facts = DocumentFacts.of(document, stories.get(document.pk), marks.get(document.pk, 0))
        for slot, rule, tag in dated:
            admitted = [pair for pair in newest_first if _is_admitted(facts, slot, rule, pair[1])]
            if slot.one_per_story:
                admitted = _newest_versions(admitted)
            for row, _ in reversed(admitted) if rule == Rule.LATER else admitted:
                yield document, slot, tag, row


def _newest_versions(newest_first: Iterable[Found]) -> list[Found]:
    """Without the later ones of each story."""
    kept: list[Found] = []
    told: set[int] = set()
    for row, target in newest_first:
        if target.story is None or target.story not in told:
            kept.append((row, target))
        if target.story is not None:
            told.add(target.story)
    return kept


def nearest_documents(slot: Slot, rule: Rule, now: Any) -> QuerySet[Document]:
    """As a subquery of a query of documents: what a rule by date puts forward for each of them,
    nearest first, with its ``story``; public or not, versions or not."""
    rows = _on_its_side(_Outer, slot, rule, now).annotate(length=Length("object_id"))
    if slot.same_section or rule == Rule.LATEST_IN_SECTION:
        rows = rows.exclude(section="")
    if rule != Rule.LATEST_IN_SECTION:  # of the same moment the ids decide
        rows = rows.filter(strictly("gt" if rule == Rule.LATER else "lt"))
    names = ORDER if rule == Rule.LATER else [f"-{name}" for name in ORDER]
    nearest = rows.annotate(story=story_of("pk")).order_by(*names)
    return nearest[: slot.count + FEW_SPARES]


def _nearest(
    document: Document, slot: Slot, rule: Rule, story: int | None, marks: int
) -> QuerySet[Document]:
    """The nearest documents that a rule admits, by the total order ``(published_at, id)``."""
    if rule != Rule.LATEST_IN_SECTION and document.published_at is None:
        return Document.objects.none()
    # Asked whether it is public is each row in the order of dates, until enough are found: so the
    # slot stays full however many newer articles were withdrawn while the workers were away.
    rows = _on_its_side(document, slot, rule, timezone.now()).filter(is_public())
    rows = without(rows, bars_of(marks))
    # Here, and not among what was found: fifty versions of one text would be all of it.
    found = rows.annotate(story=story_of("pk"), marks=marks_of())
    if story is not None:
        found = found.filter(Q(story=None) | ~Q(story=story))
    if slot.one_per_story:
        found = found.filter(~Exists(_newer_versions(rows)))
    # Of the same moment the ids decide, in ``_is_admitted``: keys as text have another order.
    order = ("published_at", "pk") if rule == Rule.LATER else ("-published_at", "-pk")
    return found.order_by(*order)[: slot.count + SPARE_CANDIDATES]


class _Outer:
    """The document of the query around a subquery."""

    pk = OuterRef("pk")
    language = OuterRef("language")
    section = OuterRef("section")
    published_at = OuterRef("published_at")


def _on_its_side(
    document: Document | type[_Outer], slot: Slot, rule: Rule, now: Any
) -> QuerySet[Document]:
    # Dates ahead of the clock belong to scheduled documents, which nobody may see yet.
    rows: QuerySet[Document] = (
        Document.objects.indexed()
        .filter(language=document.language, published_at__lte=now)
        .exclude(pk=document.pk)
    )
    if slot.same_section or rule == Rule.LATEST_IN_SECTION:
        rows = rows.filter(section=document.section)
    if rule != Rule.LATEST_IN_SECTION:
        side = "lte" if rule == Rule.EARLIER else "gte"
        rows = rows.filter(**{f"published_at__{side}": document.published_at})
    return rows


def _marks(row: Any) -> int:
    marks: int = row.marks
    return marks


def _newer_versions(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Those of ``rows`` that are newer versions of the row of the query around this one."""
    return rows.filter(
        Q(published_at__gt=OuterRef("published_at"))
        | Q(published_at=OuterRef("published_at"), pk__gt=OuterRef("pk")),
        neighbors__generation=F("neighbors__corpus__generation"),
        neighbors__story=OuterRef("story"),
    )


def _is_admitted(document: DocumentFacts, slot: Slot, rule: Rule, target: DocumentFacts) -> bool:
    if target.tells_story_of(document) or not is_allowed(document, slot, target):
        return False
    if rule == Rule.EARLIER:
        return target.order_key < document.order_key
    if rule == Rule.LATER:
        return target.order_key > document.order_key
    return bool(document.section) and target.section == document.section
