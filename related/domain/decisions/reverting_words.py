"""Taking back what one account wrote or said beside links: headings and summaries, which articles
and sections are sensitive, which texts tell one story, which links are kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, OuterRef

from related.domain.decisions.accounts import Account
from related.domain.decisions.conflicts import DecisionConflict, one_click
from related.domain.decisions.putting_back import holds, put_back
from related.domain.decisions.sensitivity import mark_section
from related.domain.decisions.writing import State, unlogged
from related.enums import Action
from related.models import DecisionLog, SectionRule, SectionRuleLog, SlotHeading, Summary

ACTIONS = [Action.HEADING, Action.SUMMARY, Action.SENSITIVE, Action.STORY, Action.KEEP]
# What a state says besides what it is.
ASIDE = {"is_bulk", "story"}
# What took an entry back. An undo of many pages leaves all that is no link.
UNDONE = DecisionLog.objects.filter(
    action=Action.UNDO, undoes=OuterRef("operation"), document=OuterRef("document"), target=None
)
Entry = TypeVar("Entry", DecisionLog, SectionRuleLog)


@dataclass(frozen=True, slots=True)
class Words:
    """The latest word of an account on each heading, summary, article, pair of texts, link and
    section; its ``before`` is what stood before the account spoke at all."""

    entries: list[DecisionLog]
    sections: list[SectionRuleLog]

    def __len__(self) -> int:
        return len(self.entries) + len(self.sections)

    def n_standing(self) -> int:
        """How many of them still hold, for nobody said otherwise since."""
        n_sections = sum(_section_holds(entry, entry.after) for entry in self.sections)
        return sum(holds(entry, entry.after) for entry in self.entries) + n_sections


def find_words_by(account: Account, since: datetime) -> Words:
    """What an account wrote or said since a moment, without what is back as it stood before."""
    entries = account.entries().filter(action__in=ACTIONS, at__gte=since)
    entries = entries.exclude(Exists(UNDONE)).select_related("document", "slot", "actor")
    sections = _latest(account.section_entries().filter(at__gte=since), _place, lambda marks: marks)
    words = [*_latest(entries, _about, _value), *_unlogged(account, since)]
    return Words(
        [entry for entry in words if not holds(entry, entry.before)],
        [entry for entry in sections if not _section_holds(entry, entry.before)],
    )


def take_back_words(words: Words, *, user: Any, operation: UUID) -> tuple[int, int]:
    """Put back what stood before each; logged as the user's, under one operation.

    Returns:
        How many words were taken back, and how many stay because somebody said otherwise since.
    """
    n_left = 0
    for entry in words.entries:
        try:
            with one_click():
                put_back(entry, user, operation)
        except DecisionConflict:
            n_left += 1
    for rule in words.sections:
        # Entries of old have no operation; what puts them back is no step of the user's own either.
        undoes = rule.operation or operation
        try:
            mark_section(
                *(*_place(rule), rule.before),
                seen=rule.after,
                user=user,
                operation=operation,
                undoes=undoes,
            )
        except DecisionConflict:
            n_left += 1
    return len(words) - n_left, n_left


def _latest(
    entries: Iterable[Entry], about: Callable[[Entry], Hashable], value: Callable[[Any], Any]
) -> list[Entry]:
    """Of entries that come newest first the latest of each thing, as one change from what stood
    before the account's words in a row; where somebody spoke in between, of those after that."""
    latest: dict[Hashable, Entry] = {}
    ended = set()
    for entry in entries:
        newer = latest.setdefault(about(entry), entry)
        if newer is not entry and about(entry) not in ended:
            if value(newer.before) == value(entry.after):
                newer.before = entry.before
            else:
                ended.add(about(entry))
    return list(latest.values())


def _about(entry: DecisionLog) -> Hashable:
    page = None if entry.action == Action.STORY else entry.document_id
    return (entry.action, page, entry.slot_id, *entry.after.get("pair", ()))


def _value(state: State) -> State:
    return {name: value for name, value in state.items() if name not in ASIDE}


def _unlogged(account: Account, since: datetime) -> list[DecisionLog]:
    """Headings and summaries from before the log had them, as entries: nobody knows what stood
    before. None of a deleted account: of those, the rows keep no key."""
    if account.user is None:
        return []
    logged = account.entries().filter(at__gte=since, document=OuterRef("document"))
    headings = SlotHeading.objects.filter(changed_by=account.user, changed_at__gte=since)
    of_slot = logged.filter(slot=OuterRef("slot"), after__has_key="heading")
    summaries = Summary.objects.filter(approved_by=account.user, approved_at__gte=since)
    summaries = summaries.exclude(Exists(logged.filter(after__has_key="text"))).exclude(text="")
    entries = [
        unlogged(row.document, Action.HEADING, {"heading": row.heading}, slot=row.slot)
        for row in headings.exclude(Exists(of_slot)).select_related("document", "slot")
    ]
    return entries + [
        unlogged(row.document, Action.SUMMARY, {"text": row.text, "text_hash": row.text_hash})
        for row in summaries.select_related("document")
    ]


def _place(entry: SectionRuleLog) -> tuple[int, str]:
    return entry.content_type_id, entry.section


def _section_holds(entry: SectionRuleLog, marks: int) -> bool:
    kind, section = _place(entry)
    return SectionRule.objects.filter(content_type=kind, section=section, marks=marks).exists()
