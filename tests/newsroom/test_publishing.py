"""The declared path of an article's states."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models.signals import post_save
from django.utils import timezone

from newsroom.articles.models import Article, Status
from newsroom.articles.publishing import (
    PublishingError,
    describe_state,
    publish,
    return_to_draft,
    schedule,
    withdraw,
)
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


def test_publishing_a_draft_dates_it_now() -> None:
    article = ArticleFactory(draft=True)
    publish(article)
    article.refresh_from_db()
    assert article.status == Status.PUBLISHED
    assert article.published_at is not None
    assert timezone.now() - article.published_at < timedelta(minutes=1)
    assert article in Article.objects.visible()


def test_publishing_again_keeps_the_place_in_the_archive() -> None:
    article = ArticleFactory(withdrawn=True, published_at=timezone.now() - timedelta(days=9))
    before = article.published_at
    publish(article)
    assert article.published_at == before


def test_what_was_out_without_a_date_comes_back_without_one() -> None:
    article = ArticleFactory(published_at=None)
    withdraw(article)
    publish(article)
    assert (article.published_at, article.is_visible) == (None, True)


def test_publishing_at_a_past_date() -> None:
    article = ArticleFactory(draft=True)
    at = timezone.now() - timedelta(days=2)
    publish(article, at=at)
    assert article.published_at == at


def test_publishing_a_scheduled_article_brings_it_out_now() -> None:
    article = ArticleFactory(scheduled=True)
    publish(article)
    assert article.is_visible


def test_scheduling_and_the_clock(tomorrow: datetime) -> None:
    article = ArticleFactory(draft=True)
    schedule(article, tomorrow)
    assert article.status == Status.SCHEDULED
    assert article not in Article.objects.visible()
    assert article in Article.objects.visible(at=tomorrow)


def test_withdrawing_keeps_the_date() -> None:
    article = ArticleFactory()
    before = article.published_at
    withdraw(article)
    article.refresh_from_db()
    assert (article.status, article.published_at) == (Status.WITHDRAWN, before)


def test_returning_to_draft() -> None:
    article = ArticleFactory(withdrawn=True)
    return_to_draft(article)
    assert article.status == Status.DRAFT


REFUSALS: list[tuple[dict[str, bool], Callable[[Article], None], str]] = [
    ({}, publish, "already published"),
    ({"draft": True}, lambda a: publish(a, timezone.now() + timedelta(1)), "in the future"),
    ({}, lambda a: schedule(a, timezone.now() + timedelta(1)), "already published"),
    ({"draft": True}, lambda a: schedule(a, timezone.now()), "has passed"),
    ({"draft": True}, withdraw, "a draft"),
    ({"withdrawn": True}, withdraw, "withdrawn"),
    ({"draft": True}, return_to_draft, "already a draft"),
]


@pytest.mark.parametrize(("traits", "change", "words"), REFUSALS)
def test_refusals_say_why_and_change_nothing(
    traits: dict[str, bool], change: Callable[[Article], None], words: str
) -> None:
    article = ArticleFactory(**traits)
    before = (article.status, article.published_at)
    with pytest.raises(PublishingError, match=words):
        change(article)
    article.refresh_from_db()
    assert (article.status, article.published_at) == before


def test_a_deleted_article_is_refused() -> None:
    article = ArticleFactory(draft=True)
    Article.objects.filter(pk=article.pk).delete()
    with pytest.raises(PublishingError, match="deleted"):
        publish(article)


def test_an_edit_made_meanwhile_survives() -> None:
    article = ArticleFactory(draft=True, title="Old")
    Article.objects.filter(pk=article.pk).update(title="New")
    publish(article)
    article.refresh_from_db()
    assert article.title == "New"


def test_a_stale_object_does_not_fool_the_rules() -> None:
    article = ArticleFactory(draft=True)
    publish(Article.objects.get(pk=article.pk))
    with pytest.raises(PublishingError, match="already published"):
        publish(article)


def test_signals_are_sent() -> None:
    seen: list[Any] = []

    def listen(instance: Article, **kwargs: Any) -> None:
        seen.append(instance.pk)

    article = ArticleFactory(draft=True)
    post_save.connect(listen, sender=Article)
    try:
        publish(article)
    finally:
        post_save.disconnect(listen, sender=Article)
    assert seen == [article.pk]


def test_states_in_words(tomorrow: datetime) -> None:
    assert describe_state(ArticleFactory()) == "published"
    assert describe_state(ArticleFactory(draft=True)) == "draft"
    assert describe_state(ArticleFactory(withdrawn=True)) == "withdrawn"
    assert describe_state(ArticleFactory(scheduled=True)).startswith("scheduled for ")
    assert describe_state(ArticleFactory(published_at=tomorrow)).startswith("scheduled for ")
    past = timezone.now() - timedelta(1)
    assert describe_state(ArticleFactory(scheduled=True, published_at=past)) == "published"
