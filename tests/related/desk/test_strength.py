"""Strength on the desk: a word for editors, the number on hover."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.context import DeskLink
from related.domain.desk.page import build_desk
from related.domain.strength.learning import learn_strength
from related.enums import Strength
from related.models import Document, StrengthCurve
from related.similarity.strength import SHIPPED
from tests.related.clicks import page_of
from tests.related.desk.shown import slot_of
from tests.related.desk_documents import make_slot, make_target, suggest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (1, "strong"),
        (0.5, "strong"),
        (0.4999, "fair"),
        (0.2, "fair"),
        (0.1999, "weak"),
        (0, "weak"),
    ],
)
def test_chances_in_words(chance: float, word: str) -> None:
    assert Strength.of(chance).label == word


def test_suggestions_and_decisions_have_it(document: Document, look: Any, anna: Any) -> None:
    suggest(document, make_target("Waiting"), similarity=0.5)
    for press, title in ((reviewing.approve, "Kept"), (reviewing.reject, "Not wanted")):
        target = make_target(title)
        suggest(document, target, similarity=0.5)
        press(LinkRef(document, make_slot(), target), user=anna, version=0)
    desk = look()
    slot = slot_of(desk, "related")
    links: list[DeskLink] = [*slot.suggestions, *slot.approved, *desk.rejected]
    assert [link.strength for link in links] == [round(SHIPPED.chance(0.45), 4)] * 3
    assert {link.strength_word for link in links} == {"strong"}


def test_a_slot_by_date_has_none(document: Document, look: Any) -> None:
    make_target("Newest in the harbor")
    [link] = slot_of(look(), "section").automatic
    assert (link.strength, link.strength_word) == (None, "")


def test_the_page_shows_the_word_and_the_number_on_hover(
    client: Client, anna: Any, document: Document
) -> None:
    suggest(document, make_target("Waiting"), similarity=0.13)
    client.force_login(anna)
    html = client.get(page_of(document)).content.decode()
    chance = f"{SHIPPED.chance(0.117):.2f}"
    title = f"How likely editors approve such a link here: {chance} (score 0.12)"
    assert f'<span class="desk-strength desk-strength--fair" title="{title}">fair</span>' in html


@pytest.mark.parametrize("n_links", [1, 3])
def test_curves_are_read_with_the_slots(
    document: Document, article: Any, anna: Any, n_links: int, django_assert_num_queries: Any
) -> None:
    for number in range(n_links):
        suggest(document, make_target(f"Waiting {number}"))
        target = make_target(f"Approved {number}")
        suggest(document, target)
        reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    learn_strength()
    StrengthCurve.objects.filter(slot__key="next").delete()
    build_desk(document, article, anna)
    with django_assert_num_queries(19):
        build_desk(document, article, anna)
