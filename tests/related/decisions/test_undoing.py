"""Undo: an editor takes their own last step back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from related.domain.decisions import reviewing, undoing, writing
from related.enums import Action
from related.models import Decision, DecisionLog, Document
from tests.related.decisions.links import place_of, titles_in_order

pytestmark = pytest.mark.django_db


def test_undo_puts_back_one_click(document: Document, anna: Any) -> None:
    places = [place_of(document, title) for title in ("A", "B", "C")]
    reviewing.approve(places[0], user=anna, version=0)
    reviewing.approve_many([(places[1], 0), (places[2], 0)], user=anna)

    entries = undoing.last_operation(document, anna)
    assert len(entries) == 2
    undoing.undo(entries[0].operation, document, user=anna)

    assert titles_in_order(document) == ["A"]
    assert undoing.last_operation(document, anna) == []  # an undo is not undone
    assert DecisionLog.objects.filter(action=Action.UNDO).count() == 2


def test_undo_brings_back_every_field(document: Document, anna: Any) -> None:
    place = place_of(document, "A")
    reviewing.approve(place, user=anna, version=0, note="why")
    pinned = reviewing.pin(place, user=anna, version=1)
    reviewing.reject(place, user=anna, version=2)

    operation = undoing.last_operation(document, anna)[0].operation
    undoing.undo(operation, document, user=anna)

    decision = Decision.objects.get()
    for name in writing.STATE_FIELDS:
        assert getattr(decision, name) == getattr(pinned, name)
    assert decision.version == 4


def test_undo_of_an_unknown_operation_does_nothing(document: Document, anna: Any) -> None:
    undoing.undo(uuid4(), document, user=anna)

    assert not DecisionLog.objects.exists()
