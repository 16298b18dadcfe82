"""States in the admin: bulk actions and buttons, and who may use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article, Status
from tests.factories import ArticleFactory, EditorFactory
from tests.newsroom.desk import LIST, act, article_form, change_page, messages_of

pytestmark = pytest.mark.django_db

IN_A_WEEK = (timezone.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")


def test_publishing_counts_successes_and_names_refusals(publisher: Client) -> None:
    drafts = ArticleFactory.create_batch(2, draft=True)
    out = ArticleFactory(title="Out <already>")
    response = act(publisher, "publish_articles", [*drafts, out])
    assert messages_of(response) == [
        "2 articles published.",
        "Not published: “Out <already>”: It is already published.",
    ]
    assert Article.objects.visible().count() == 3
    entries = LogEntry.objects.order_by("object_id")
    assert [entry.object_id for entry in entries] == [str(draft.pk) for draft in drafts]
    assert {entry.change_message for entry in entries} == {"Published."}


def test_many_refusals_are_cut_short(publisher: Client) -> None:
    [message] = messages_of(act(publisher, "publish_articles", ArticleFactory.create_batch(12)))
    assert message.count("already published") == 10
    assert message.endswith("And 2 more.")


def test_withdrawing(publisher: Client) -> None:
    articles = [ArticleFactory(), ArticleFactory(scheduled=True), ArticleFactory(draft=True)]
    response = act(publisher, "withdraw_articles", articles)
    assert messages_of(response)[0] == "2 articles withdrawn."
    assert Article.objects.filter(status=Status.WITHDRAWN).count() == 2


def test_scheduling_asks_for_the_moment_first(publisher: Client) -> None:
    drafts = ArticleFactory.create_batch(2, draft=True)
    asked = act(publisher, "schedule_articles", drafts)
    page = LexborHTMLParser(asked.content)
    assert len(page.css("form.newsroom-schedule input[name=_selected_action]")) == 2
    assert page.css_matches("input[name=at][type=datetime-local]")
    assert Article.objects.filter(status=Status.DRAFT).count() == 2
    response = act(publisher, "schedule_articles", drafts, at=IN_A_WEEK)
    assert messages_of(response) == ["2 articles scheduled."]
    assert Article.objects.filter(status=Status.SCHEDULED).count() == 2
    assert LogEntry.objects.filter(change_message="Scheduled.").count() == 2


@pytest.mark.parametrize(
    ("at", "words"),
    [("", "Say when"), ("soon", "like this: 2027"), ("2001-01-01T10:00", "has passed")],
)
def test_scheduling_needs_a_moment_in_the_future(publisher: Client, at: str, words: str) -> None:
    draft = ArticleFactory(draft=True)
    response = act(publisher, "schedule_articles", [draft], at=at)
    assert words in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.parametrize("action", ["publish_articles", "schedule_articles", "withdraw_articles"])
def test_actions_need_the_permission_to_publish(writer: Client, action: str) -> None:
    draft, out = ArticleFactory(draft=True), ArticleFactory()
    assert action not in writer.get(LIST).content.decode()
    act(writer, action, [draft, out], at=IN_A_WEEK)
    assert set(Article.objects.values_list("status", flat=True)) == {"draft", "published"}
    assert not LogEntry.objects.exists()


def test_publishing_alone_does_not_let_anybody_change_articles(client: Client) -> None:
    permissions = ["newsroom.view_article", "newsroom.publish_article"]
    client.force_login(EditorFactory(permissions=permissions))
    draft = ArticleFactory(draft=True)
    act(client, "publish_articles", [draft])
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.parametrize(
    ("button", "traits", "status"),
    [
        ("_publish", {"draft": True}, Status.PUBLISHED),
        ("_withdraw", {}, Status.WITHDRAWN),
        ("_draft", {"withdrawn": True}, Status.DRAFT),
    ],
)
def test_buttons_save_and_change_the_state(
    publisher: Client, button: str, traits: dict[str, bool], status: Status
) -> None:
    article = ArticleFactory(**traits)
    address = change_page(article)
    assert f'name="{button}"' in publisher.get(address).content.decode()
    response = publisher.post(address, article_form(article, title="New title", **{button: "1"}))
    assert response.headers["Location"] == address
    article.refresh_from_db()
    assert (article.title, article.status) == ("New title", status)


def test_schedule_button_leads_to_the_page_that_asks(publisher: Client) -> None:
    article = ArticleFactory(draft=True)
    response = publisher.post(change_page(article), article_form(article, _schedule="1"))
    address = f"{LIST}{article.pk}/schedule/"
    assert response.headers["Location"] == address
    assert publisher.get(address).status_code == 200
    response = publisher.post(address, {"at": IN_A_WEEK})
    assert response.headers["Location"] == change_page(article)
    article.refresh_from_db()
    assert article.status == Status.SCHEDULED


def test_schedule_page_needs_the_permission_and_an_article(writer: Client) -> None:
    article = ArticleFactory(draft=True)
    for method in (writer.get, writer.post):
        assert method(f"{LIST}{article.pk}/schedule/", {"at": IN_A_WEEK}).status_code == 403
        assert method(f"{LIST}999999/schedule/").status_code == 404
        assert method(f"{LIST}x/schedule/").status_code == 404


def test_writers_have_no_buttons_and_forged_ones_undo_the_save(writer: Client) -> None:
    article = ArticleFactory(draft=True, title="Old")
    page = writer.get(change_page(article)).content.decode()
    assert 'name="_publish"' not in page
    assert 'name="published_at_0"' not in page
    forged = article_form(article, title="New", _publish="1", published_at_0="2001-01-01")
    assert writer.post(change_page(article), forged).status_code == 403
    article.refresh_from_db()
    assert (article.title, article.status, article.published_at) == ("Old", Status.DRAFT, None)
