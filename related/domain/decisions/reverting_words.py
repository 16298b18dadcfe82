"""Taking back what one account said beside links: which articles and sections are sensitive, which
texts tell one story, which links are kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from related.domain.decisions.accounts import Account
from related.domain.decisions.conflicts import DecisionConflict, one_click
from related.domain.decisions.keeping import find_keeping
from related.domain.decisions.sensitivity import mark_section
from related.domain.decisions.telling import said_of
from related.domain.decisions.undoing import put_back
from related.enums import Action
from related.models import DecisionLog, SectionRule, SectionRuleLog, Sensitivity

ACTIONS = [Action.SENSITIVE, Action.STORY, Action.KEEP]
Entry = TypeVar("Entry", DecisionLog, SectionRuleLog)


@dataclass(frozen=True, slots=True)
class Words:
    """The latest word of an account on each article, pair of texts, link and section; its
    ``before`` is what stood before the account spoke at all."""

    entries: list[DecisionLog]
    sections: list[SectionRuleLog]

    def __len__(self) -> int:
        return len(self.entries) + len(self.sections)

    def n_standing(self) -> int:
        """How many of them still hold, for nobody said otherwise since."""
        return sum(map(_stands, self.entries)) + sum(map(_section_stands, self.sections))


def find_words_by(account: Account, since: datetime) -> Words:
    """What an account said since a moment and did not take back itself."""
    undone = DecisionLog.objects.filter(action=Action.UNDO, undoes__isnull=False)
    entries = account.entries().filter(action__in=ACTIONS, at__gte=since)
    entries = entries.exclude(operation__in=undone.values("undoes"))
    sections = SectionRuleLog.objects.filter(actor_key=account.key, at__gte=since)
    return Words(
        _latest(entries.select_related("document", "slot", "actor"), _about, _value),
        _latest(sections, lambda each: (each.content_type_id, each.section), lambda marks: marks),
    )


def take_back_words(words: Words, *, user: Any, operation: UUID) -> tuple[int, int]:
    """Put back what stood before each; logged as the user's.

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
        place = rule.content_type_id, rule.section
        try:
            mark_section(*place, rule.before, seen=rule.after, user=user)
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
    return [each for each in latest.values() if value(each.before) != value(each.after)]


def _about(entry: DecisionLog) -> Hashable:
    if entry.action == Action.SENSITIVE:
        return entry.document_id
    place = () if entry.action == Action.STORY else (entry.document_id, entry.slot_id)
    return (*place, *entry.after["pair"])


def _value(state: dict[str, Any]) -> Any:
    return state.get("telling", state)


def _stands(entry: DecisionLog) -> bool:
    if entry.action == Action.SENSITIVE:
        rows = Sensitivity.objects.filter(document=entry.document, marks=entry.after["marks"])
        return rows.exists()
    if entry.action == Action.STORY:
        return bool(said_of(*entry.after["pair"]) == entry.after["telling"])
    return find_keeping(entry).exists()


def _section_stands(entry: SectionRuleLog) -> bool:
    return SectionRule.objects.filter(
        content_type=entry.content_type_id, section=entry.section, marks=entry.after
    ).exists()
