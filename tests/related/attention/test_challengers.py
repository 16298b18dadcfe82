"""A rival is set against an approved link where it is clearly stronger, in the queue as on the
desk, and never against what an editor chose by hand a short while ago or kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from related.domain.attention.challengers import CLEARLY
from related.domain.attention.proposal import LEFT_ALONE
from related.domain.attention.states import refresh_states
from related.domain.decisions import reviewing, undoing
from related.domain.decisions.keeping import keep_against
from related.domain.decisions.writing import LinkRef
from related.domain.desk.context import DeskLink
from related.enums import Action, ReviewReason
from related.models import (
    Decision,
    DecisionLog,
    Document,
    DocumentVector,
    KeptLink,
    ReviewState,
    StrengthCurve,
)
from related.similarity.text.sketches import sketch_to_bytes
from tests.related.desk.conftest import look
from tests.related.desk.shown import slot_of
from tests.related.desk_documents import make_slot, make_target, only_slots, suggest
from tests.similarity.stories.test_overlap import numbered, sketch

pytestmark = pytest.mark.django_db
__all__ = ["look"]  # a fixture


@pytest.fixture(autouse=True)
def one_slot(db: None) -> None:
    """In which strength is what the score is."""
    only_slots("related")
    slot = make_slot("related", count=2)
    StrengthCurve.objects.create(
        slot=slot, points=[n / 100 for n in range(101)], n_decisions=0, n_of_all_slots=0
    )


def offer(document: Document, title: str, strength: float) -> LinkRef:
    target = make_target(title)
    suggest(document, target, similarity=strength / 0.9)
    return LinkRef(document, make_slot(), target)


def approve(document: Document, title: str, strength: float, user: Any) -> LinkRef:
    link = offer(document, title, strength)
    reviewing.approve(link, user=user, version=0)
    return link


def challenges(document: Document, look: Any) -> dict[str, tuple[str, float]]:
    """Each challenged link with its rival and the difference; the queue must know of as many."""
    slot = slot_of(look(), "related")
    found: dict[str, DeskLink] = {link.target.title: link for link in slot.approved}
    shown = {
        title: (link.rival.target.title, round(link.rival.better_by or 0, 3))
        for title, link in found.items()
        if link.rival
    }
    refresh_states([document.pk])
    state = ReviewState.objects.get(document=document)
    assert len([item for item in state.items if item.startswith("better:")]) == len(shown)
    assert (ReviewReason.BETTER in state.why) == bool(shown)
    return shown


def test_clearly_better_is_a_difference_of_strengths(
    document: Document, look: Any, anna: Any
) -> None:
    approve(document, "Strong", 0.8, anna)
    approve(document, "Fair", 0.4, anna)
    offer(document, "Not clearly better", 0.4 + CLEARLY - 0.01)
    assert challenges(document, look) == {}
    offer(document, "Rival", 0.4 + CLEARLY)
    assert challenges(document, look) == {"Fair": ("Rival", CLEARLY)}
    [rival] = [link for link in slot_of(look(), "related").reserves if link.better_than]
    assert (rival.target.title, rival.better_than.target.title) == ("Rival", "Fair")  # type: ignore[union-attr]


def test_each_rival_challenges_one_link_and_the_best_the_weakest(
    document: Document, look: Any, anna: Any
) -> None:
    for title, strength in (("Fair", 0.4), ("Weak", 0.3)):
        approve(document, title, strength, anna)
    for title, strength in (("Best", 0.9), ("Second", 0.7), ("Third", 0.6)):
        offer(document, title, strength)
    assert challenges(document, look) == {"Weak": ("Best", 0.6), "Fair": ("Second", 0.3)}


def test_a_slot_with_room_takes_the_better_one_beside(
    document: Document, look: Any, anna: Any
) -> None:
    approve(document, "Weak", 0.2, anna)
    offer(document, "Best", 0.9)
    assert challenges(document, look) == {}


@pytest.mark.parametrize("how", ["pinned", "added"])
def test_what_was_chosen_by_hand_is_left_alone_for_a_month(
    document: Document, look: Any, anna: Any, how: str
) -> None:
    approve(document, "Other", 0.85, anna)
    link = approve(document, "By hand", 0.3, anna)
    if how == "pinned":
        reviewing.pin(link, user=anna, version=1)
    else:
        Decision.objects.filter(target=link.target).update(score=None)
    offer(document, "Rival", 0.9)
    assert challenges(document, look) == {}
    a_month_ago = timezone.now() - LEFT_ALONE - timedelta(minutes=1)
    Decision.objects.filter(target=link.target).update(decided_at=a_month_ago)
    assert set(challenges(document, look)) == {"By hand"}


def test_a_kept_link_is_not_challenged_again_by_that_rival(
    document: Document, look: Any, anna: Any, ben: Any
) -> None:
    approve(document, "Strong", 0.9, anna)
    kept = approve(document, "Kept", 0.3, anna)
    rival = offer(document, "Rival", 0.8)
    keep_against(kept, rival.target, user=ben, version=1)
    assert challenges(document, look) == {}
    row = KeptLink.objects.get()
    assert (row.kept_by, row.kept_at.date()) == (ben, timezone.now().date())
    assert not ReviewState.objects.get(document=document).is_open
    offer(document, "Another", 0.7)
    assert challenges(document, look) == {"Kept": ("Another", 0.4)}

    step = undoing.last_step(ben, document)
    assert step is not None
    assert step.entries[0].action == Action.KEEP
    undoing.undo(step.operation, document, user=ben)
    assert challenges(document, look) == {"Kept": ("Rival", 0.5)}
    assert undoing.last_step(ben, document) is None
    assert DecisionLog.objects.first().after == {"kept": "", "rival": "", "pair": row_pair(row)}  # type: ignore[union-attr]


def row_pair(row: KeptLink) -> list[int]:
    return [row.target_id, row.rival_id]


@pytest.mark.parametrize(
    ("field", "value", "asks_again"),
    [
        ("same_section", True, True),
        ("time_weight", 0.29, True),
        ("heading", "Also read", False),
        ("count", 1, False),
    ],
)
def test_another_rule_of_the_slot_is_another_question(
    document: Document, look: Any, anna: Any, *, field: str, value: Any, asks_again: bool
) -> None:
    kept = approve(document, "Kept", 0.3, anna)
    approve(document, "Strong", 0.9, anna)
    rival = offer(document, "Rival", 0.8)
    keep_against(kept, rival.target, user=anna, version=1)
    make_slot("related", **{field: value})
    assert bool(challenges(document, look)) == asks_again


@pytest.mark.parametrize(
    ("text", "asks_again"), [((1, 100), False), ((0, 90), False), ((70, 170), True)]
)
@pytest.mark.parametrize("which", ["document", "target", "rival"])
def test_a_text_that_says_something_else_is_another_question(
    document: Document,
    look: Any,
    anna: Any,
    *,
    which: str,
    text: tuple[int, int],
    asks_again: bool,
) -> None:
    kept = approve(document, "Kept", 0.3, anna)
    approve(document, "Strong", 0.9, anna)
    rival = offer(document, "Rival", 0.8)
    row = {"document": document, "target": kept.target, "rival": rival.target}[which]
    set_text(row, (0, 100))
    keep_against(kept, rival.target, user=anna, version=1)
    set_text(row, text)
    assert bool(challenges(document, look)) == asks_again


def set_text(document: Document, text: tuple[int, int]) -> None:
    Document.objects.filter(pk=document.pk).update(text_hash=str(text))
    document.text_hash = str(text)
    values = {"version": 1, "sketch": sketch_to_bytes(sketch(numbered(*text)))}
    corpus = document.suggestions.first() or document.suggested_for.get()
    DocumentVector.objects.update_or_create(
        document=document, corpus=corpus.corpus, defaults=values
    )
