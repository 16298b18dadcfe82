"""Decisions on suggestions of known scores, many at a time, as the one writer stores them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.models import Decision, Document, Slot
from tests.related.desk_documents import make_slot, make_target, suggest


def decide(
    document: Document, score: float, verdict: bool, *, user: Any, slot: Slot | None = None
) -> Decision:
    """Suggest a new target with a score, and press the desk's button for it."""
    slot = slot or make_slot()
    target = make_target(f"Target {Document.objects.count()}")
    suggestion = suggest(document, target, slot)
    suggestion.score = score
    suggestion.save()
    press = reviewing.approve if verdict else reviewing.reject
    return press(LinkRef(document, slot, target), user=user, version=0)


def many_decided(
    document: Document, verdicts: Iterable[tuple[float, bool]], *, user: User, key: str = "related"
) -> None:
    """Decisions by score and verdict, each a minute later than the one before."""
    slot = Slot.objects.get(key=key)
    first = timezone.now() - timedelta(days=30)
    target = make_target(f"Target of {key}")
    known = Document.objects.count()
    pairs = list(verdicts)
    rows = Document.objects.bulk_create(
        Document(content_type=target.content_type, object_id=f"{key}-{known}-{number}")
        for number in range(len(pairs))
    )
    Decision.objects.bulk_create(
        Decision(
            document=document,
            slot=slot,
            target=row,
            verdict="approved" if verdict else "rejected",
            score=score,
            decided_by=user,
            decided_at=first + timedelta(minutes=number),
            version=1,
        )
        for number, (row, (score, verdict)) in enumerate(zip(rows, pairs, strict=True))
    )
