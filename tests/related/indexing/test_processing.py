"""Processing documents: both directions, languages, removal, and what is found for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from newsroom.articles.models import Article, Status
from newsroom.articles.publishing import withdraw
from related.domain.indexing.processing import process, process_rows
from related.domain.indexing.results import store_vectors_only
from related.models import Corpus, Document, Neighbors, Suggestion
from tests.related.stories import (
    BAKERY,
    BAKERY_PRIZE,
    FLOOD,
    FLOOD_COST,
    FLOOD_UPDATE,
    document_of,
    publish,
    suggested,
    work,
)

pytestmark = pytest.mark.django_db


def test_a_publish_enters_its_neighbors_lists_too() -> None:
    first = publish("Barrier raised", FLOOD)
    bakery = publish("Bakery opens", BAKERY, day=1)
    work()
    assert suggested(first, "next") == []
    second = publish("Barrier holds", FLOOD_UPDATE, day=2)
    work()
    assert suggested(second, "previous") == ["Barrier raised"]
    assert suggested(first, "next") == ["Barrier holds"]
    assert suggested(bakery, "related") == []


def test_previous_is_strictly_earlier_and_next_strictly_later() -> None:
    texts = [FLOOD, FLOOD_UPDATE, FLOOD_COST]
    same_day = [publish(f"Barrier report {n}", text) for n, text in enumerate(texts)]
    work()
    assert suggested(same_day[0], "previous") == []
    assert set(suggested(same_day[1], "previous")) == {"Barrier report 0"}
    assert set(suggested(same_day[1], "next")) == {"Barrier report 2"}
    assert suggested(same_day[2], "next") == []


def test_an_edit_moves_the_article_to_its_new_neighbors() -> None:
    flood = publish("Barrier raised", FLOOD)
    bakery = publish("Bakery opens", BAKERY, day=1)
    edited = publish("Barrier holds", FLOOD_UPDATE, day=2)
    work()
    assert suggested(flood, "next") == ["Barrier holds"]
    edited.title, edited.body = "Prize for the bakery", BAKERY_PRIZE
    edited.save()
    work()
    assert suggested(flood, "next") == []
    assert suggested(bakery, "next") == ["Prize for the bakery"]


@pytest.mark.parametrize("leave", [withdraw, Article.delete], ids=["withdrawn", "deleted"])
def test_what_leaves_leaves_every_list(leave: object) -> None:
    stays = publish("Barrier raised", FLOOD)
    goes = publish("Barrier holds", FLOOD_UPDATE, day=1)
    work()
    gone = document_of(goes)
    leave(goes)  # type: ignore[operator]
    work()
    assert suggested(stays, "next") == []
    assert not Suggestion.objects.filter(document=gone).exists()
    assert not Neighbors.objects.filter(document=gone).exists()
    gone.refresh_from_db()
    assert (gone.is_indexed, gone.is_waiting) == (False, False)


def test_a_withdrawn_article_comes_back_with_its_neighbors() -> None:
    stays = publish("Barrier raised", FLOOD)
    returns = publish("Barrier holds", FLOOD_UPDATE, day=1)
    work()
    withdraw(returns)
    work()
    returns.status = Status.PUBLISHED
    returns.save()
    work()
    assert suggested(stays, "next") == ["Barrier holds"]


def test_scheduled_articles_are_prepared() -> None:
    publish("Barrier raised", FLOOD)
    later = Article.objects.create(
        title="Barrier holds",
        body=FLOOD_UPDATE,
        status=Status.SCHEDULED,
        published_at=timezone.now() + timedelta(days=3),
    )
    work()
    assert suggested(later, "previous") == ["Barrier raised"]


def test_languages_do_not_mix_and_a_change_of_language_moves() -> None:
    english = publish("Barrier raised", FLOOD)
    moved = publish("Barrier holds", FLOOD_UPDATE, day=1, language="fr")
    work()
    assert suggested(english, "next") == []
    moved.language = "en-GB"
    moved.save()
    work()
    assert suggested(english, "next") == ["Barrier holds"]
    assert Corpus.objects.get(language="fr").n_documents == 0
    moved.language = "fr"
    moved.save()
    work()
    assert suggested(english, "next") == []


@pytest.mark.parametrize("body", ["", "\U0001f389" * 50, "the of and", "12 34"])
def test_texts_without_terms_are_answered(body: str) -> None:
    article = publish("\U0001f389", body)
    work()
    assert not document_of(article).is_waiting
    assert suggested(article, "related") == []


def test_a_publish_beside_vectors_that_wait_for_a_rebuild() -> None:
    first = publish("Barrier raised", FLOOD)
    work()
    imported = publish("Barrier holds", FLOOD_UPDATE, day=1)
    process_rows(Document.objects.all(), store_vectors_only, limit=1, at_once=1)
    publish("Cost of the barrier", FLOOD_COST, day=2)
    process()
    assert not Document.objects.waiting().exists()
    assert suggested(first, "next")
    work()
    assert set(suggested(imported, "next")) == {"Cost of the barrier"}


def test_inline_skips_what_the_body_links_to() -> None:
    target = publish("Barrier raised", FLOOD)
    linking = publish(
        "Barrier holds",
        f'<p>{FLOOD_UPDATE} <a href="https://news.example{target.get_absolute_url()}">Before</a></p>',
        day=1,
    )
    work()
    assert suggested(linking, "previous") == ["Barrier raised"]
    assert suggested(linking, "inline") == []


def test_reasons_are_words_that_both_share() -> None:
    publish("Barrier raised", FLOOD)
    publish("Barrier holds", FLOOD_UPDATE, day=1)
    work()
    for suggestion in Suggestion.objects.all():
        assert suggestion.reasons
        for term in suggestion.reasons:
            for word in term.split():
                assert word in (FLOOD + FLOOD_UPDATE + "Barrier raised holds").lower()
