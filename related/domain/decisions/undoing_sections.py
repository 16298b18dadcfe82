"""Taking back what an editor's last click asked of whole sections: a step of her stack, as the
others are, which is on no article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from related.domain.decisions.conflicts import DecisionConflict, one_click, undo_conflict
from related.domain.decisions.sensitivity import mark_section
from related.models import SectionRuleLog


def last_rules(user: Any, since: datetime | None = None) -> list[SectionRuleLog]:
    """What the latest click of an editor that still stands changed of sections; one query or two.

    Entries of an older version, which did not say what was one click, and what came before them
    are not taken back.

    Args:
        since: what came before does not count.
    """
    own = SectionRuleLog.objects.filter(actor=user)
    done = own.filter(undoes=None)
    if since is not None:
        done = done.filter(at__gt=since)
    undone = own.filter(undoes__isnull=False).values("undoes")
    latest = done.exclude(operation__in=undone).first()
    if latest is None or latest.operation is None:
        return []
    return list(own.filter(operation=latest.operation))


def take_back_rules(entries: Sequence[SectionRuleLog], *, user: Any) -> None:
    """Put back what stood before a click: in all of its sections, or in none.

    Raises:
        DecisionConflict: somebody changed one of them since.
    """
    undone = uuid4()
    try:
        with one_click():
            for entry in entries:
                mark_section(
                    *(entry.content_type_id, entry.section, entry.before),
                    seen=entry.after,
                    user=user,
                    operation=undone,
                    undoes=entry.operation,
                )
    except DecisionConflict as conflict:
        raise undo_conflict() from conflict
