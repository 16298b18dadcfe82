"""Marks of sensitive articles, at every door of the public: the next answer obeys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.template import Context, Template
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article
from related.domain.decisions.summaries import approve_summary
from related.domain.pages.rows import outdated_pages, rewrite_pages
from related.enums import Mark
from related.models import Document, PageLinks, Slot
from tests.related.api.addresses import LINKS, address_of
from tests.related.marks import mark, mark_of
from tests.related.stored_articles import approve, make_article, row_of, suggest
from tests.related.stories import work
from tests.related.versions import tell_story

pytestmark = pytest.mark.django_db

Door = Callable[[Client, Article], dict[str, list[str]]]  # titles by slot


def by_id(client: Client, article: Article) -> dict[str, list[str]]:
    return _titles(client.get(address_of(article)).json())


def by_address(client: Client, article: Article) -> dict[str, list[str]]:
    [page] = client.get(LINKS, {"url": article.get_absolute_url()}).json()["results"]
    return _titles(page)


def in_a_batch(client: Client, article: Article) -> dict[str, list[str]]:
    other = make_article("Another")
    query = {"id": [f"newsroom.article:{pk}" for pk in (other.pk, article.pk)]}
    page = client.get(LINKS, query).json()["results"][1]
    Article.objects.filter(pk=other.pk).delete()
    return _titles(page)


def by_tag(client: Client, article: Article) -> dict[str, list[str]]:
    source = (
        "{% load related %}{% related_links article slot as links %}"
        "{% for link in links %}{{ link.title }}|{% endfor %}"
    )
    return {
        key: [t for t in Template(source).render(Context(context)).split("|") if t]
        for key in Slot.objects.values_list("key", flat=True)
        if (context := {"article": article, "slot": key})
    }


DOORS = pytest.mark.parametrize("door", [by_id, by_address, in_a_batch, by_tag])


def _titles(page: dict[str, Any]) -> dict[str, list[str]]:
    return {key: [link["title"] for link in slot["items"]] for key, slot in page["slots"].items()}


@pytest.fixture
def pair(db: None) -> tuple[Article, Article]:
    """An article with an approved link to another, the one before it by date."""
    target = make_article("Carnival opens", section="Fun", days_old=3)
    article = make_article("Ten die in fire", days_old=2)
    approve(article, "related", target)
    settle()
    return article, target


def settle() -> None:
    """Pages have rows, as workers and editors leave them."""
    rewrite_pages(Document.objects.values_list("pk", flat=True))


@DOORS
def test_no_links_here_empties_every_slot_and_leaves_the_summary(
    client: Client, anna: User, door: Door, pair: tuple[Article, Article]
) -> None:
    article, target = pair
    approve_summary(row_of(article), article, "In short.", user=anna, version=0)
    assert door(client, article)["related"] == [target.title]
    mark(article, Mark.NO_LINKS, anna)
    assert not any(door(client, article).values())
    assert client.get(address_of(article)).json()["summary"] == "In short."
    assert target.title not in client.get(article.get_absolute_url()).content.decode()
    mark(article, 0, anna)
    assert door(client, article)["related"] == [target.title]


@DOORS
def test_never_suggest_this_takes_a_target_from_every_page(
    client: Client, anna: User, door: Door, pair: tuple[Article, Article]
) -> None:
    article, target = pair
    Slot.objects.filter(key="inline").update(requires_approval=False)
    suggested = make_article("Suggested", days_old=9)
    suggest(article, "inline", suggested)
    settle()
    assert door(client, article)["inline"] == ["Suggested"]
    mark(target, Mark.NEVER_SUGGEST, anna)
    mark(suggested, Mark.NEVER_SUGGEST, anna)
    shown = [title for titles in door(client, article).values() for title in titles]
    assert not {target.title, "Suggested"} & set(shown)


@DOORS
def test_a_section_is_kept_away_whoever_is_in_it(
    client: Client, anna: User, door: Door, pair: tuple[Article, Article]
) -> None:
    article, target = pair
    mark_of("fun", Mark.NEVER_SUGGEST, anna)
    shown = door(client, article)
    assert target.title not in [title for titles in shown.values() for title in titles]
    mark_of("fun", 0, anna)
    assert door(client, article)["related"] == [target.title]


@DOORS
def test_nothing_light_stands_beside_what_wants_nothing_light(
    client: Client, anna: User, door: Door, pair: tuple[Article, Article]
) -> None:
    article, target = pair
    mark_of("fun", Mark.LIGHT, anna)
    assert door(client, article)["related"] == [target.title]
    mark(article, Mark.NOTHING_LIGHT, anna)
    assert door(client, article)["related"] == []


@DOORS
def test_a_sensitive_article_shows_only_what_an_editor_approved(
    client: Client, anna: User, door: Door, pair: tuple[Article, Article]
) -> None:
    article, target = pair
    Slot.objects.filter(key="inline").update(requires_approval=False)
    suggest(article, "inline", make_article("Suggested", days_old=9))
    make_article("Later in the section", days_old=1)
    settle()
    before = door(client, article)
    assert before["inline"] == ["Suggested"]
    assert "Later in the section" in [title for titles in before.values() for title in titles]
    mark(article, Mark.NOTHING_LIGHT, anna)
    after = door(client, article)
    assert after.pop("related") == [target.title]
    assert not any(after.values())


def test_rules_by_date_pass_over_what_is_never_suggested(client: Client, anna: User) -> None:
    """However many of the nearest there are: the slot still gets the one behind them."""
    article = make_article("Now", days_old=1)
    behind = make_article("Behind them all", days_old=90)
    for number in range(12):
        make_article(f"Horoscope {number}", section="Fun", days_old=2 + number)
    Slot.objects.filter(key="previous").update(rule="earlier", requires_approval=False)
    assert by_id(client, article)["previous"] == ["Horoscope 0"]
    mark_of("fun", Mark.NEVER_SUGGEST, anna)
    assert by_id(client, article)["previous"] == [behind.title]


def test_a_newer_version_that_is_never_suggested_is_not_named(client: Client, anna: User) -> None:
    old, new = tell_story(2)
    work()
    assert client.get(address_of(old)).json()["newer_version"]["title"] == new.title
    mark(new, Mark.NEVER_SUGGEST, anna)
    assert client.get(address_of(old)).json()["newer_version"] is None


def test_the_etag_and_the_kept_answers_follow(
    client: Client, anna: User, pair: tuple[Article, Article]
) -> None:
    article, target = pair
    etags = []
    for marked, marks in ((article, 0), (target, Mark.NEVER_SUGGEST), (target, 0)):
        mark(marked, marks, anna)
        etags += [client.get(address_of(article))["ETag"] for _ in range(2)]
    assert etags[0] == etags[1] == etags[4] == etags[5]
    assert etags[2] == etags[3] != etags[0]
    stale = client.get(address_of(article), headers={"if-none-match": etags[2]})
    assert stale.status_code == 200
    assert not outdated_pages([row_of(article).pk])  # a row says nothing of marks


@pytest.mark.parametrize("n_targets", [1, 3])
def test_marks_cost_no_query(
    client: Client,
    anna: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    n_targets: int,
) -> None:
    article = make_article("Now")
    for number in range(n_targets):
        target = make_article(f"Target {number}", days_old=3 + number)
        approve(article, "related", target)
        mark(target, Mark.LIGHT, anna)
    make_article("Later", section="Fun", days_old=0.5)
    mark_of("fun", Mark.NEVER_SUGGEST, anna)
    settle()
    client.get(address_of(article))
    with django_assert_num_queries(2):
        assert len(by_id(client, article)["related"]) == n_targets
    with django_assert_num_queries(3):
        by_address(client, article)
    mark(article, Mark.NOTHING_LIGHT, anna)
    with django_assert_num_queries(2):
        assert by_id(client, article)["related"] == []


def test_a_page_without_a_row_obeys_as_well(
    client: Client, anna: User, pair: tuple[Article, Article]
) -> None:
    article, target = pair
    mark(target, Mark.NEVER_SUGGEST, anna)
    PageLinks.objects.all().delete()
    assert by_id(client, article)["related"] == []
