"""An editor keeps her link against a rival: it is remembered, and not asked again."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db.models import QuerySet
from django.utils import timezone

from related.domain.attention.kept_links import rule_of, texts_of
from related.domain.attention.states import refresh_states
from related.domain.decisions.conflicts import one_click, undo_conflict
from related.domain.decisions.ordering import listed_links
from related.domain.decisions.writing import LinkRef, conflict_at, log_change, log_undo
from related.domain.documents.titles import read_titles
from related.enums import Action
from related.models import DecisionLog, Document, KeptLink


def keep_against(link: LinkRef, rival: Document, *, user: Any, version: int) -> None:
    """Keep an approved link although a rival is stronger, as long as their texts and the slot's
    rule stay what they are.

    Raises:
        DecisionConflict: the link's decision changed since the editor saw it; nothing was saved.
    """
    pair, titles = [link.target.pk, rival.pk], read_titles([link.target, rival])
    with one_click():
        listed = listed_links(link)
        if not any(d.target_id == link.target.pk and d.version == version for d in listed):
            raise conflict_at(link, user)
        hashes, sketches = texts_of([link.document, link.target, rival])
        KeptLink.objects.update_or_create(
            document=link.document,
            slot=link.slot,
            target=link.target,
            rival=rival,
            defaults={
                "rule": rule_of(link.slot),
                "hashes": hashes,
                "sketches": sketches,
                "kept_by": user,
                "kept_at": timezone.now(),
            },
        )
        log_change(
            link.document,
            Action.KEEP,
            {"kept": "", "rival": "", "pair": pair},
            {"kept": titles[link.target.pk], "rival": titles[rival.pk], "pair": pair},
            user=user,
            operation=uuid4(),
            slot=link.slot,
        )
        refresh_states([link.document.pk])


def find_keeping(entry: DecisionLog) -> QuerySet[KeptLink]:
    """What an entry of the log says, where nobody else said the same since."""
    target, rival = entry.after["pair"]
    place = {"document": entry.document, "slot": entry.slot_id, "target": target, "rival": rival}
    return KeptLink.objects.filter(**place, kept_by=entry.actor)


def take_back_keeping(entry: DecisionLog, *, user: Any, operation: Any) -> None:
    """Undo ``keep_against``.

    Raises:
        DecisionConflict: another editor said the same since.
    """
    if not find_keeping(entry).delete()[0]:
        raise undo_conflict()
    log_undo(entry, user=user, operation=operation)
    refresh_states([entry.document_id])
