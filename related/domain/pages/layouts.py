"""The slots of the site as a page needs them, known by what the database says of them.

Every read of a page brings the slots' rows along, as text; what is made of them is kept as long as
the text is the same. So a change counts from the next page on, in every process, and nobody has to
be told of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import orjson
from django.db.models import QuerySet

from related.domain.pages.contents import Entry
from related.domain.pages.subqueries import RowsOf
from related.domain.pages.trials import as_shown
from related.enums import Rule
from related.models import SectionRule, Slot, StrengthCurve
from related.similarity.strength import SHIPPED, Curve

_FIELDS = [item.attname for item in Slot._meta.concrete_fields]
_FLAGS = [
    item.attname
    for item in Slot._meta.concrete_fields
    if item.get_internal_type() == "BooleanField"
]


def slots_as_text() -> RowsOf:
    return RowsOf(Slot.objects.order_by("pk"), *_FIELDS)


def curves_as_text() -> RowsOf:
    """Which curves there are; the points are read when one has changed."""
    return RowsOf(StrengthCurve.objects.order_by("pk"), "slot_id", "version", "trained_at")


Texts = tuple[str | None, str | None, str | None]  # slots, curves, rules of sections


def rules_as_text() -> RowsOf:
    """What is asked of sections; no row where no article and no section is marked."""
    return RowsOf(
        SectionRule.objects.telling().order_by("pk"), "content_type_id", "section", "marks"
    )


@dataclass(frozen=True, slots=True)
class DateRule:
    """A slot that a rule by date fills: by itself, or where it stayed empty otherwise."""

    slot: Slot
    rule: Rule
    is_fallback: bool


@dataclass(frozen=True, eq=False)
class Layout:
    """The active slots in the order of the page."""

    texts: Texts
    slots: list[Slot]
    curves: dict[int, Curve]
    date_rules: list[DateRule]  # of the slots that wait for no approval, and all fallbacks
    all_date_rules: list[DateRule]
    rules: dict[tuple[int, str], int]  # marks of sections, by kind
    has_marks: bool  # whether any article or section is marked as sensitive or light
    _headings: dict[str, dict[int, str]] = field(default_factory=dict)

    @property
    def automatic(self) -> list[Slot]:
        """Slots whose suggestions show without approval."""
        return [
            slot for slot in self.slots if slot.goes_by_similarity and not slot.requires_approval
        ]

    def shown_by(self, document_id: int) -> Layout:
        """The layout of one document's page: another one only where variants are tried."""
        if not any(slot.is_tried for slot in self.slots):
            return self
        slots = [as_shown(slot, document_id) for slot in self.slots]
        return replace(self, slots=slots, _headings={})

    def place_of(self, slot: Slot, entry: Entry) -> tuple[int, int]:
        """What one link of the slot takes: for versions of a text that collapse it is the same."""
        if entry.story is None or not slot.one_per_story:
            return slot.pk, ~entry.target
        return slot.pk, entry.story

    def marks_of(self, kind: int, section: str, by_site: int, by_editors: int) -> int:
        """All marks of a document, of what stands in its row."""
        return by_site | by_editors | self.rules.get((kind, section), 0)

    def headings_in(self, language: str) -> dict[int, str]:
        """The slots' own headings on a page of this language, by slot."""
        if language not in self._headings:
            self._headings[language] = {slot.pk: slot.heading_in(language) for slot in self.slots}
        return self._headings[language]

    def chance_of(self, slot: Slot, score: float | None) -> float | None:
        """As ``Slot.chance_of``, which would read the curve from the database."""
        if score is None or not slot.goes_by_similarity:
            return None
        return round(self.curves.get(slot.pk, SHIPPED).chance(score), 4)


@lru_cache(maxsize=8)
def layout_of(texts: Texts) -> Layout:
    """What the texts say, as ``slots_as_text``, ``curves_as_text`` and ``rules_as_text`` are
    read."""
    slots, curves, marked = texts
    rules = orjson.loads(marked or "[]")
    rows = [Slot(**_values(row)) for row in orjson.loads(slots or "[]") or []]
    active = sorted(
        (slot for slot in rows if slot.is_active), key=lambda slot: (slot.position, slot.key)
    )
    return Layout(
        texts=texts,
        slots=active,
        curves={row.slot_id: row.curve for row in StrengthCurve.objects.all()} if curves else {},
        date_rules=list(_date_rules(active, with_waiting=False)),
        all_date_rules=list(_date_rules(active, with_waiting=True)),
        rules={(kind, section): marks for kind, section, marks in rules},
        has_marks=bool(rules),
    )


def read_layout() -> Layout:
    """The slots as they are now."""
    texts: QuerySet[Slot, Texts] = Slot.objects.order_by("pk").values_list(
        slots_as_text(), curves_as_text(), rules_as_text()
    )
    return layout_of(texts.first() or (None, None, None))


def _values(row: list[object]) -> dict[str, object]:
    values = dict(zip(_FIELDS, row, strict=True))
    return values | {name: bool(values[name]) for name in _FLAGS}


def _date_rules(slots: Iterable[Slot], *, with_waiting: bool) -> Iterable[DateRule]:
    for slot in slots:
        if slot.goes_by_date and (with_waiting or not slot.requires_approval):
            yield DateRule(slot, Rule(slot.rule), is_fallback=False)
        if Rule(slot.fallback).is_date:
            yield DateRule(slot, Rule(slot.fallback), is_fallback=True)
