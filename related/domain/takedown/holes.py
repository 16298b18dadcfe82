"""Which pages link to some articles, and what would take the place of each such link."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import F

from related.domain.attention.facts import Read, read_facts
from related.domain.attention.proposal import Offered, is_worth_offering, show
from related.domain.decisions.permissions import may_review
from related.domain.desk.targets import Target, load_targets
from related.domain.documents.loading import load_objects
from related.enums import Strength
from related.models import Decision, Document, Slot

# What one form holds. The pages beyond are in the queue afterwards, as all are.
MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class Reserve:
    """The strongest candidate of a slot that stands nowhere else on the page. It may be weak; the
    slot's own threshold it has passed."""

    document: Document
    target: Target
    strength: float  # the chance that an editor approves it
    version: int  # of its decision, 0 for none

    @property
    def strength_word(self) -> str:
        return str(Strength.of(self.strength).label)

    @property
    def is_proposed(self) -> bool:
        """As the desk would: weak ones wait for an editor who wants them."""
        return is_worth_offering(self.strength)

    @property
    def strength_name(self) -> str:
        return Strength.of(self.strength).value


@dataclass(frozen=True, slots=True)
class Hole:
    """A place that a link leaves when its target goes."""

    slot: Slot
    lost: Decision
    target: Target  # where the link leads
    reserve: Reserve | None
    closes: bool  # by itself: with another approved link, or in a slot that asks nobody

    @property
    def fields(self) -> str:
        """What a form sends to have it filled: a query string."""
        assert self.reserve is not None
        return urlencode(
            {
                "page": self.lost.document.label,
                "slot": self.slot.key,
                "old": self.lost.target.label,
                "old_version": self.lost.version,
                "target": self.reserve.document.label,
                "version": self.reserve.version,
            }
        )


@dataclass(frozen=True, slots=True)
class LinkingPage:
    """A page that links to what goes; ``document`` is its own row."""

    document: Document
    target: Target  # the page itself, as the desk names it
    holes: list[Hole]
    may_fill: bool  # whether the user decides for it


@dataclass(frozen=True, slots=True)
class LinkingPages:
    pages: list[LinkingPage]  # the newest first, 100 at most
    n_more: int  # pages beyond

    def __bool__(self) -> bool:
        return bool(self.pages)

    def __iter__(self) -> Iterator[LinkingPage]:
        return iter(self.pages)

    def __len__(self) -> int:
        return len(self.pages)


Lost = dict[tuple[int, int, int], Decision]  # by document, slot, target


def find_linking_pages(going: Collection[Document], user: Any | None = None) -> LinkingPages:
    """Pages with approved links to articles that are about to go, as far as they would show.

    Links that no editor approved are replaced by themselves and are not named. A constant number
    of queries at any number of pages and links.

    Args:
        user: who fills the places; without one, who runs code stands above the editors' rules.
    """
    gone = {document.pk for document in going}
    slots = list(Slot.objects.active().with_strength())
    links = Decision.objects.approved().filter(target__in=gone, slot__in=slots)
    links = links.exclude(document__in=gone).select_related("slot", "document", "target")
    newest = links.order_by(F("document__published_at").desc(nulls_last=True), "-document", "slot")
    lost: Lost = {
        (each.document_id, each.slot_id, each.target_id): each
        for each in newest
        if not each.is_about_another
    }
    documents = {each.document_id: each.document for each in lost.values()}
    first = list(documents.values())[:MOST_PAGES]
    objects = load_objects(first, public=False)
    shown = [document for document in first if document.pk in objects]
    places = _find_places(shown, slots, lost, gone)
    targets, reserves, versions = _read_targets(shown, places, lost)
    pages = [
        LinkingPage(
            document,
            targets[document.pk],
            [
                Hole(
                    slot=place.lost.slot,
                    lost=place.lost,
                    target=targets[place.lost.target_id],
                    reserve=_reserve(document, place, reserves, targets, versions),
                    closes=place.closes,
                )
                for place in places[document.pk]
            ],
            user is None or may_review(user, document, objects[document.pk]),
        )
        for document in shown
        if places[document.pk]
    ]
    return LinkingPages(pages, len(documents) - len(first))


@dataclass(frozen=True, slots=True)
class _Place:
    lost: Decision
    offered: Offered | None
    closes: bool


def _find_places(
    documents: Sequence[Document], slots: Sequence[Slot], lost: Lost, gone: set[int]
) -> dict[int, list[_Place]]:
    read = read_facts(documents, slots)
    return {document.pk: _places_of(document.pk, slots, read, lost, gone) for document in documents}


def _places_of(
    document_id: int, slots: Sequence[Slot], read: Read, lost: Lost, gone: set[int]
) -> list[_Place]:
    """The places on one page, in page order: what it shows now (or will, where the target is to
    come out) against what it shows afterwards."""
    facts = read.pages[document_id]
    before = show(facts, slots, read.visible | gone)
    after = show(facts, slots, read.visible - gone)
    taken = {each.target_id for each in facts.approved} | {document_id}
    taken |= {each.target_id for shown in after.values() for _, each in shown}
    places = []
    for slot in slots:
        n_free = slot.count - len(after[slot.pk])
        leaving = [
            decision
            for _, each in before[slot.pk]
            if (decision := lost.get((document_id, slot.pk, each.target_id))) is not None
        ]
        for number, decision in enumerate(leaving):
            closes = number >= n_free
            best = None if closes else _best(facts.offered, slot, read.visible - gone - taken)
            if best is not None:
                taken.add(best.target_id)
            places.append(_Place(decision, best, closes))
    return places


def _best(offered: Sequence[Offered], slot: Slot, free: Collection[int]) -> Offered | None:
    own = (each for each in offered if each.slot_id == slot.pk and each.target_id in free)
    return next(own, None)


def _read_targets(
    documents: Sequence[Document], places: Mapping[int, Sequence[_Place]], lost: Lost
) -> tuple[dict[int, Target], dict[int, Document], Counter[tuple[int, int, int]]]:
    """Every article that is named, reserves as documents, the versions of their decisions."""
    keys = {p.offered.target_id for some in places.values() for p in some if p.offered}
    reserves = Document.objects.in_bulk(keys)
    going = {each.target_id: each.target for each in lost.values()}
    named = {document.pk: document for document in documents} | going | reserves
    known = Decision.objects.filter(document__in=documents, target__in=keys)
    versions: Counter[tuple[int, int, int]] = Counter()
    for *place, version in known.values_list("document", "slot", "target", "version"):
        versions[place[0], place[1], place[2]] = version
    return load_targets(named.values(), None), reserves, versions


def _reserve(
    document: Document,
    place: _Place,
    reserves: Mapping[int, Document],
    targets: Mapping[int, Target],
    versions: Counter[tuple[int, int, int]],
) -> Reserve | None:
    if place.offered is None:
        return None
    target_id = place.offered.target_id
    version = versions[document.pk, place.lost.slot_id, target_id]
    return Reserve(reserves[target_id], targets[target_id], place.offered.chance, version)
