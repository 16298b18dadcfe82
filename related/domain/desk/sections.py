"""Sections with what is asked of them, for the page where editors tick it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from related.domain.decisions.conflicts import undo_conflict
from related.domain.decisions.permissions import may_mark_section
from related.domain.decisions.sensitivity import mark_section
from related.domain.decisions.undoing_sections import last_rules, take_back_rules
from related.domain.documents.section_names import names_of_sections, read_section_names
from related.enums import Mark
from related.models import Document, SectionRule, SectionRuleLog
from related.registry import registered, source_for

# What editors tick for a section.
TICKS = (Mark.NO_LINKS, Mark.NEVER_SUGGEST, Mark.NOTHING_LIGHT, Mark.LIGHT)

Place = tuple[int, str]  # the kind's id, the section's key


@dataclass(frozen=True, slots=True)
class SectionRow:
    kind: ContentType
    section: str
    name: str
    n_documents: int
    rule: SectionRule | None

    @property
    def marks(self) -> int:
        return self.rule.marks if self.rule else 0

    @property
    def editor(self) -> str:
        editor = self.rule.changed_by if self.rule else None
        return editor.get_username() if editor else ""

    @property
    def seen(self) -> str:
        """What the form sends back of the present state."""
        return sent(self.kind.pk, self.marks, self.section)

    @property
    def ticks(self) -> Iterator[tuple[Mark, str, bool]]:
        """Each tick, what it sends, and whether it is set."""
        for mark in TICKS:
            yield mark, sent(self.kind.pk, mark.value, self.section), bool(self.marks & mark)


def sent(kind: int, marks: int, section: str) -> str:
    return f"{kind}:{marks}:{section}"


def read_sections(user: Any, start: int, end: int) -> list[SectionRow]:
    """A part of the sections that are a user's to mark, by key; three queries,
    and one for each model."""
    theirs = Q(pk__in=[])
    for model, source in registered().items():
        own = Q(content_type=ContentType.objects.get_for_model(model))
        sections = source.review_sections(user)
        if sections is not None:
            own &= Q(section__in=sections)
        theirs |= own
    documents = Document.objects.indexed().filter(theirs).exclude(section="").order_by()
    counted = documents.values("content_type", "section").annotate(n=Count("pk"), newest=Max("pk"))
    found = list(counted.order_by("section", "content_type")[start:end])
    newest = Document.objects.filter(pk__in=[row["newest"] for row in found])
    names = read_section_names(newest)
    rules = SectionRule.objects.filter(section__in={row["section"] for row in found})
    by_place = {
        (rule.content_type_id, rule.section): rule for rule in rules.select_related("changed_by")
    }
    return [
        SectionRow(
            ContentType.objects.get_for_id(row["content_type"]),
            row["section"],
            names[row["section"]],
            row["n"],
            by_place.get((row["content_type"], row["section"])),
        )
        for row in found
    ]


def save_sections(
    seen: dict[Place, int], wanted: dict[Place, int], user: Any
) -> Sequence[SectionRule]:
    """Ask of each section what is wanted, where that is not what the editor saw.

    Raises:
        DecisionConflict: somebody changed one of them since; those before it are saved.
        PermissionError: one of them is not theirs to mark.
    """
    changed = [place for place, marks in seen.items() if wanted.get(place, 0) != marks]
    _refuse_others(changed, user)
    operation = uuid4()
    return [
        mark_section(*place, wanted.get(place, 0), seen=seen[place], user=user, operation=operation)
        for place in changed
    ]


def undo_sections(operation: str, user: Any) -> Sequence[SectionRuleLog]:
    """Take back the user's latest click on sections; returns what it had changed.

    Args:
        operation: the click that the page offered to take back.

    Raises:
        DecisionConflict: it is not the latest any more, or somebody changed one of them since.
        PermissionError: one of them is not theirs to mark any more.
    """
    entries = last_rules(user)
    if not entries or str(entries[0].operation) != operation:
        raise undo_conflict()
    _refuse_others([(entry.content_type_id, entry.section) for entry in entries], user)
    take_back_rules(entries, user=user)
    return entries


def describe_rules(entries: Sequence[SectionRuleLog]) -> str:
    """What a click asked of sections, for people."""
    key = entries[-1].section  # the log lists the newest first
    section = names_of_sections([key])[key]
    if len(entries) == 1:
        message = _("changed the sensitivity of the section “%(section)s”")
        return message % {"section": section}
    message = ngettext(
        "changed the sensitivity of “%(section)s” and %(n)d more section",
        "changed the sensitivity of “%(section)s” and %(n)d more sections",
        len(entries) - 1,
    )
    return message % {"section": section, "n": len(entries) - 1}


def _refuse_others(places: Iterable[Place], user: Any) -> None:
    for kind, section in places:
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None or not may_mark_section(user, source_for(model), section):
            raise PermissionError(section)
