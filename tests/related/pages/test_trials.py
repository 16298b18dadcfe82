"""A slot in two variants: half of the articles show each, in the same queries as without."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article
from related.domain.pages.placing import place_links
from related.domain.pages.rows import rewrite_pages
from related.domain.pages.trials import shows_b
from related.models import Document, Slot
from tests.related.stored_articles import approve, make_article, row_of

pytestmark = pytest.mark.django_db


def page_with(n_links: int, *, is_b: bool) -> Article:
    """An article of one of the halves."""
    slot = Slot.objects.get(key="related")
    targets = [make_article(f"T{n}", section="") for n in range(n_links)]
    while True:
        article = make_article("A", section="")
        if shows_b(slot.pk, row_of(article).pk) == is_b:
            break
    for target in targets:
        approve(article, "related", target)
    rewrite_pages(Document.objects.values_list("pk", flat=True))
    return article


def shown(article: Article) -> tuple[str, int]:
    [page] = place_links([article])
    return page.slots["related"].heading, len(page.slots["related"].items)


def test_half_of_the_articles_are_b_and_each_slot_halves_them_in_its_own_way() -> None:
    halves = Counter((shows_b(1, n), shows_b(2, n)) for n in range(10_000))
    assert all(abs(n - 2500) < 200 for n in halves.values())
    assert len(halves) == 4


@pytest.mark.parametrize(("is_b", "expected"), [(False, ("Related stories", 4)), (True, ("On", 2))])
def test_each_half_shows_its_variant(is_b: bool, expected: tuple[str, int]) -> None:
    article = page_with(4, is_b=is_b)
    assert shown(article) == ("Related stories", 4)
    Slot.objects.filter(key="related").update(trial_heading="On", trial_count=2)
    assert shown(article) == expected
    Slot.objects.filter(key="related").update(trial_heading="", trial_count=None)
    assert shown(article) == ("Related stories", 4)


def test_b_may_show_more() -> None:
    Slot.objects.filter(key="related").update(count=2, trial_count=9)
    assert shown(page_with(8, is_b=True))[1] == 8
    assert shown(page_with(8, is_b=False))[1] == 2


def test_a_page_is_read_with_as_many_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = page_with(4, is_b=True)
    Slot.objects.filter(key="related").update(trial_heading="On", trial_count=2)
    address = f"/api/v1/links/newsroom.article/{article.pk}/"
    client.get(address)
    with django_assert_num_queries(2):
        answer = client.get(address).json()
    assert answer["slots"]["related"]["heading"] == "On"
    assert len(answer["slots"]["related"]["items"]) == 2
