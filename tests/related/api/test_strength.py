"""Strength in the API and in template tags: the chance of approval beside every link."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article
from related.domain.strength.learning import learn_strength
from related.models import Slot, StrengthCurve
from related.similarity.strength import SHIPPED
from tests.related.api.addresses import address_of
from tests.related.stored_articles import approve, make_article, suggest

pytestmark = pytest.mark.django_db

FLAT = [0.25] * 101


def learned(key: str, points: list[float]) -> None:
    StrengthCurve.objects.create(
        slot=Slot.objects.get(key=key), points=points, n_decisions=9, n_of_all_slots=9
    )


def strengths(client: Client, article: Article, slot: str) -> list[float | None]:
    items = client.get(address_of(article)).json()["slots"][slot]["items"]
    return [item["strength"] for item in items]


def test_approved_and_automatic_links_have_the_chance_of_their_score(client: Client) -> None:
    Slot.objects.filter(key="related").update(requires_approval=False)
    article = make_article("A", section="")
    approve(article, "related", make_article("B"), score=0.2)
    suggest(article, "related", make_article("C"), score=0.1)
    assert strengths(client, article, "related") == [
        round(SHIPPED.chance(0.2), 4),
        round(SHIPPED.chance(0.1), 4),
    ]
    learned("related", FLAT)
    assert strengths(client, article, "related") == [0.25, 0.25]


def test_a_decision_older_than_scores_has_the_chance_of_its_similarity(client: Client) -> None:
    article = make_article("A")
    approve(article, "related", make_article("B"))
    assert strengths(client, article, "related") == [round(SHIPPED.chance(0.5), 4)]


def test_a_link_by_date_has_none(client: Client) -> None:
    article = make_article("A", days_old=1)
    make_article("B", days_old=2, section="")
    Slot.objects.filter(key="previous").update(fallback="earlier")
    approve(article, "section", make_article("C", section=""), score=0.3)
    assert strengths(client, article, "previous") == [None]
    assert strengths(client, article, "section") == [None]


def test_what_cannot_be_compared_has_none(client: Client) -> None:
    article, target = make_article("A"), make_article("B")
    decision = approve(article, "related", target)
    type(decision).objects.update(similarity=None)
    assert strengths(client, article, "related") == [None]


@pytest.mark.parametrize("n_links", [1, 3])
def test_curves_are_read_with_the_slots(
    client: Client, n_links: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = make_article("A")
    for number in range(n_links):
        approve(article, "related", make_article(f"B{number}"), score=0.3)
    learn_strength()
    client.get(address_of(article))
    with django_assert_num_queries(6):
        assert None not in strengths(client, article, "related")


def test_templates_have_it_too() -> None:
    article = make_article("A")
    approve(article, "related", make_article("B"), score=0.3)
    learned("related", FLAT)
    template = Template(
        "{% load related %}{% related_links article 'related' as links %}"
        "{% for link in links %}{{ link.title }} {{ link.strength }}{% endfor %}"
    )
    context: dict[str, Any] = {"article": article}
    assert template.render(Context(context)) == "B 0.25"
