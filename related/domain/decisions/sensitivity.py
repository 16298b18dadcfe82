"""The one writer of what editors ask of sensitive articles and sections, with its log.

Readers see it with the next page: all that shows a link reads the marks themselves. The queue
follows in the same transaction where few pages are concerned, else with the workers.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from related.domain.attention.states import mark_due, refresh_soon
from related.domain.decisions.actors import signature
from related.domain.decisions.conflicts import marks_conflict, one_click
from related.domain.decisions.writing import log_change
from related.domain.transactions import announce_changes, announce_everything
from related.enums import Action
from related.models import (
    Decision,
    Document,
    SectionRule,
    SectionRuleLog,
    Sensitivity,
    Suggestion,
)


def mark_document(
    document: Document,
    marks: int,
    *,
    seen: int,
    user: Any,
    operation: UUID | None = None,
    undoes: UUID | None = None,
) -> None:
    """Ask something of one article, in place of what was asked before.

    Args:
        marks: a sum of ``Mark``.
        seen: what the editor saw.

    Raises:
        DecisionConflict: somebody changed it since.
    """
    with one_click():
        Sensitivity.objects.get_or_create(document=document)
        row = Sensitivity.objects.select_for_update(no_key=True).get(document=document)
        if row.marks != seen:
            raise marks_conflict(row, user)
        if row.marks == marks:
            return
        row.marks, row.changed_by, row.changed_at = marks, user, timezone.now()
        row.save()
        Document.objects.filter(pk=document.pk).update(own_marks=marks)
        SectionRule.objects.note_marked([document.content_type_id])
        log_change(
            document,
            Action.SENSITIVE if undoes is None else Action.UNDO,
            {"marks": seen},
            {"marks": marks},
            user=user,
            operation=operation or uuid4(),
            undoes=undoes,
        )
        concerned = {document.pk, *_pages_with(document)}
        refresh_soon(concerned)
        announce_changes(concerned)


def mark_section(
    content_type: int,
    section: str,
    marks: int,
    *,
    seen: int,
    user: Any,
    operation: UUID | None = None,
    undoes: UUID | None = None,
) -> SectionRule:
    """Ask something of all articles of one kind in a section.

    Args:
        content_type: id of the kind.
        section: its key.
        marks, seen: as in ``mark_document``.

    Raises:
        DecisionConflict: somebody changed it since.
    """
    place: dict[str, Any] = {"content_type_id": content_type, "section": section}
    with transaction.atomic():
        SectionRule.objects.get_or_create(**place)
        rule = SectionRule.objects.select_for_update(no_key=True).get(**place)
        if rule.marks != seen:
            raise marks_conflict(rule, user)
        if rule.marks == marks:
            return rule
        rule.marks, rule.changed_by, rule.changed_at = marks, user, timezone.now()
        rule.save()
        SectionRuleLog.objects.create(
            **place,
            before=seen,
            after=marks,
            operation=operation or uuid4(),
            undoes=undoes,
            **signature(user),
        )
        mark_due()
        announce_everything()
    return rule


def _pages_with(document: Document) -> set[int]:
    """The pages that link to a document, or could."""
    decided = Decision.objects.approved().filter(target=document)
    suggested = Suggestion.objects.served().filter(target=document)
    return {pk for rows in (decided, suggested) for pk in rows.values_list("document", flat=True)}
