"""Times in the admin's forms: saving what was not touched moves nothing, to the microsecond."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from newsroom.articles.models import Article
from tests.factories import ArticleFactory
from tests.newsroom.desk import LIST, act, change_page

pytestmark = pytest.mark.django_db

# In Berlin, clocks went back from 3:00 to 2:00 that night: 2:30 was at 0:30 and at 1:30 UTC.
FIRST = datetime(2025, 10, 26, 0, 30, 0, 123456, tzinfo=UTC)
SECOND = datetime(2025, 10, 26, 1, 30, 0, 654321, tzinfo=UTC)


@pytest.fixture(autouse=True)
def berlin(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


def save(client: Client, article: Article, **changes: str) -> Article:
    """Open the form, change some fields and save."""
    form = client.get(change_page(article)).context["adminform"].form
    date, clock = form["published_at"].subwidgets[0].data["subwidgets"]
    sent = {name: form[name].value() or "" for name in ("title", "slug", "body", "language")}
    sent |= {"published_at_0": date["value"], "published_at_1": clock["value"], **changes}
    response = client.post(change_page(article), sent)
    assert response.status_code == 302, response.context["adminform"].form.errors
    article.refresh_from_db()
    return article


@pytest.mark.parametrize("at", [FIRST, SECOND, datetime(2026, 3, 2, 6, 0, 0, 7, tzinfo=UTC)])
def test_a_headline_is_changed_and_the_time_is_not(admin_client: Client, at: datetime) -> None:
    article = save(admin_client, ArticleFactory(published_at=at), title="Another headline")
    assert (article.title, article.published_at) == ("Another headline", at)


@pytest.mark.parametrize(("at", "hour"), [(FIRST, 0), (SECOND, 1)])
def test_a_time_is_moved_within_its_hour(admin_client: Client, at: datetime, hour: int) -> None:
    article = save(admin_client, ArticleFactory(published_at=at), published_at_1="02:45:00")
    assert article.published_at == datetime(2025, 10, 26, hour, 45, tzinfo=UTC)


def test_a_time_that_exists_twice_is_the_first(admin_client: Client) -> None:
    article = ArticleFactory(published_at=datetime(2025, 10, 20, tzinfo=UTC))
    save(admin_client, article, published_at_0="2025-10-26", published_at_1="02:30:00")
    assert article.published_at == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_refused(admin_client: Client) -> None:
    article = ArticleFactory(published_at=FIRST)
    form = {"title": "A", "slug": "a", "body": "b", "language": "en"}
    form |= {"published_at_0": "2025-03-30", "published_at_1": "02:30:00"}
    page = admin_client.post(change_page(article), form)
    assert "it may be ambiguous or it may not exist" in page.content.decode()


def test_articles_are_scheduled_for_a_time_that_exists_twice(admin_client: Client) -> None:
    article = ArticleFactory(draft=True)
    act(admin_client, "schedule_articles", [article], at="2027-10-31T02:30")
    article.refresh_from_db()
    assert article.published_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert admin_client.get(LIST).status_code == 200
