"""Who writes, publishes and moves which article: contributor, section editor, chief editor."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Section, Status
from tests.factories import ArticleFactory
from tests.newsroom.desk import (
    CHIEF,
    CONTRIBUTOR,
    LIST,
    SECTION_EDITOR,
    act,
    article_form,
    change_page,
    messages_of,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("group", "draft", "out_in_sport", "out_in_news"),
    [(CONTRIBUTOR, 302, 403, 403), (SECTION_EDITOR, 302, 302, 403), (CHIEF, 302, 302, 302)],
)
def test_who_edits_which_article(
    *,
    client: Client,
    log_in: Any,
    sport: Section,
    news: Section,
    group: str,
    draft: int,
    out_in_sport: int,
    out_in_news: int,
) -> None:
    log_in(group)
    for article, status in (
        (ArticleFactory(draft=True, section=news), draft),
        (ArticleFactory(section=sport), out_in_sport),
        (ArticleFactory(section=news), out_in_news),
    ):
        form = article_form(article, title="Changed", section=str(article.section_id))
        assert client.post(change_page(article), form).status_code == status
        article.refresh_from_db()
        assert (article.title == "Changed") == (status == 302)
        assert client.get(change_page(article)).status_code == 200  # to look at


@pytest.mark.parametrize("button", ["_publish", "_withdraw", "_draft", "_schedule"])
def test_no_state_button_reaches_another_section(
    client: Client, log_in: Any, news: Section, button: str
) -> None:
    log_in(SECTION_EDITOR)
    article = ArticleFactory(draft=True, section=news)
    form = article_form(article, section=str(news.pk), **{button: "1"})
    assert client.post(change_page(article), form).status_code == 403
    address = reverse("admin:newsroom_article_schedule", args=[article.pk])
    at = {"at": "2036-01-01T06:00"}
    assert [client.get(address).status_code, client.post(address, at).status_code] == [403, 403]
    article.refresh_from_db()
    assert article.status == Status.DRAFT


def test_bulk_actions_publish_own_articles_and_name_the_others(
    client: Client, log_in: Any, sport: Section, news: Section
) -> None:
    log_in(SECTION_EDITOR)
    own = ArticleFactory(draft=True, section=sport)
    other = ArticleFactory(draft=True, section=news, title="Bridge closed")
    answer = act(client, "publish_articles", [own, other])
    assert messages_of(answer) == [
        "1 article published.",
        "Not published: “Bridge closed”: You may not publish in its section.",
    ]
    at = {"at": "2036-01-01T06:00"}
    act(client, "schedule_articles", [other], **at)
    out = ArticleFactory(section=news)
    act(client, "withdraw_articles", [out])
    for article in (own, other, out):
        article.refresh_from_db()
    assert [own.is_visible, other.status, out.is_visible] == [True, Status.DRAFT, True]


def test_a_contributor_has_no_state_actions(client: Client, log_in: Any) -> None:
    log_in(CONTRIBUTOR)
    draft = ArticleFactory(draft=True)
    assert b"publish_articles" not in client.get(LIST).content
    act(client, "publish_articles", [draft])
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


def test_what_is_out_moves_to_own_sections_only(
    client: Client, log_in: Any, sport: Section, news: Section
) -> None:
    log_in(SECTION_EDITOR)
    article = ArticleFactory(section=sport)
    for section in (str(news.pk), ""):
        answer = client.post(change_page(article), article_form(article, section=section))
        assert answer.status_code == 200  # the form again, with its error
        article.refresh_from_db()
        assert article.section == sport
    page = LexborHTMLParser(client.get(change_page(article)).content)
    offered = [option.text() for option in page.css("select[name=section] option")]
    assert "Sport" in offered
    assert "News" not in offered


@pytest.mark.parametrize("button", ["_publish", "_schedule"])
def test_a_draft_of_another_section_is_not_published_by_moving_it(
    client: Client, log_in: Any, sport: Section, news: Section, button: str
) -> None:
    """Neither in one request nor in two."""
    log_in(SECTION_EDITOR)
    article = ArticleFactory(draft=True, section=news, title="Old")
    moved = article_form(article, section=str(sport.pk), title="New")
    assert client.post(change_page(article), moved | {button: "1"}).status_code == 403
    article.refresh_from_db()
    assert (article.title, article.section, article.status) == ("Old", news, Status.DRAFT)
    assert client.post(change_page(article), moved).status_code == 302
    article.refresh_from_db()
    assert (article.title, article.section) == ("New", news)
    assert "An editor of this section moves" in client.get(change_page(article)).content.decode()


@pytest.mark.parametrize("button", ["_publish", "_schedule"])
def test_a_draft_of_no_section_is_filed_first_and_published_then(
    client: Client, log_in: Any, sport: Section, button: str
) -> None:
    log_in(SECTION_EDITOR)
    article = ArticleFactory(draft=True, section=None)
    form = article_form(article, section=str(sport.pk), **{button: "1"})
    response = client.post(change_page(article), form)
    assert response["Location"] == change_page(article)
    assert "It was saved in its new section. Read it there" in messages_of(response)[-1]
    article.refresh_from_db()
    assert (article.section, article.status) == (sport, Status.DRAFT)
    client.post(change_page(article), article_form(article, section=str(sport.pk), _publish="1"))
    article.refresh_from_db()
    assert article.status == Status.PUBLISHED


@pytest.mark.parametrize("group", [CONTRIBUTOR, CHIEF])
def test_writers_and_chiefs_move_drafts(
    client: Client, log_in: Any, sport: Section, news: Section, group: str
) -> None:
    log_in(group)
    article = ArticleFactory(draft=True, section=news)
    client.post(change_page(article), article_form(article, section=str(sport.pk)))
    article.refresh_from_db()
    assert article.section == sport
