"""Articles in the admin: states by bulk action and by button, permissions, the ways out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.models import Article, Section, Status
from tests.factories import ArticleFactory, EditorFactory, SectionFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/newsroom/article/"
WRITER = ["newsroom.view_article", "newsroom.add_article", "newsroom.change_article"]
PUBLISHER = [*WRITER, "newsroom.publish_article"]
IN_A_WEEK = (timezone.now() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def publisher(client: Client) -> Client:
    client.force_login(EditorFactory(permissions=PUBLISHER))
    return client


@pytest.fixture
def writer(client: Client) -> Client:
    client.force_login(EditorFactory(permissions=WRITER))
    return client


def _act(client: Client, action: str, articles: list[Article], **fields: str) -> Any:
    chosen = [article.pk for article in articles]
    return client.post(LIST, {"action": action, "_selected_action": chosen, **fields})


def _messages(response: HttpResponse) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore[attr-defined]


def _form(article: Article | None = None, **fields: str) -> dict[str, str]:
    form = {"title": "A title", "slug": "a-title", "body": "Text.", "language": "en"}
    if article is not None:
        form |= {"title": article.title, "slug": article.slug}
        if article.published_at:
            at = article.published_at
            form |= {"published_at_0": f"{at:%Y-%m-%d}", "published_at_1": f"{at:%H:%M:%S}"}
    return form | fields


def _titles(client: Client, query: str) -> list[str]:
    page = LexborHTMLParser(client.get(f"{LIST}?{query}").content)
    return [node.text() for node in page.css("th.field-title")]


def _change_page(article: Article) -> str:
    return reverse("admin:newsroom_article_change", args=[article.pk])


def test_publishing_counts_successes_and_names_refusals(publisher: Client) -> None:
    drafts = ArticleFactory.create_batch(2, draft=True)
    out = ArticleFactory(title="Out <already>")
    response = _act(publisher, "publish_articles", [*drafts, out])
    assert _messages(response) == [
        "2 articles published.",
        "Not published: “Out <already>”: It is published already.",
    ]
    assert Article.objects.visible().count() == 3
    entries = LogEntry.objects.order_by("object_id")
    assert [entry.object_id for entry in entries] == [str(draft.pk) for draft in drafts]
    assert {entry.change_message for entry in entries} == {"Published."}


def test_many_refusals_are_cut_short(publisher: Client) -> None:
    [message] = _messages(_act(publisher, "publish_articles", ArticleFactory.create_batch(12)))
    assert message.count("published already") == 10
    assert message.endswith("And 2 more.")


def test_withdrawing(publisher: Client) -> None:
    articles = [ArticleFactory(), ArticleFactory(scheduled=True), ArticleFactory(draft=True)]
    response = _act(publisher, "withdraw_articles", articles)
    assert _messages(response)[0] == "2 articles withdrawn."
    assert Article.objects.filter(status=Status.WITHDRAWN).count() == 2


def test_scheduling_asks_for_the_moment_first(publisher: Client) -> None:
    drafts = ArticleFactory.create_batch(2, draft=True)
    asked = _act(publisher, "schedule_articles", drafts)
    page = LexborHTMLParser(asked.content)
    assert len(page.css("form.newsroom-schedule input[name=_selected_action]")) == 2
    assert page.css_matches("input[name=at][type=datetime-local]")
    assert Article.objects.filter(status=Status.DRAFT).count() == 2
    response = _act(publisher, "schedule_articles", drafts, at=IN_A_WEEK)
    assert _messages(response) == ["2 articles scheduled."]
    assert Article.objects.filter(status=Status.SCHEDULED).count() == 2
    assert LogEntry.objects.filter(change_message="Scheduled.").count() == 2


@pytest.mark.parametrize(
    ("at", "words"),
    [("", "Say when"), ("soon", "like this: 2027"), ("2001-01-01T10:00", "has passed")],
)
def test_scheduling_needs_a_moment_in_the_future(publisher: Client, at: str, words: str) -> None:
    draft = ArticleFactory(draft=True)
    response = _act(publisher, "schedule_articles", [draft], at=at)
    assert words in response.content.decode()
    draft.refresh_from_db()
    assert draft.status == Status.DRAFT


@pytest.mark.parametrize("action", ["publish_articles", "schedule_articles", "withdraw_articles"])
def test_actions_need_the_permission_to_publish(writer: Client, action: str) -> None:
    draft, out = ArticleFactory(draft=True), ArticleFactory()
    assert action not in writer.get(LIST).content.decode()
    _act(writer, action, [draft, out], at=IN_A_WEEK)
    assert set(Article.objects.values_list("status", flat=True)) == {"draft", "published"}
    assert not LogEntry.objects.exists()


def test_publishing_alone_does_not_let_anybody_change_articles(client: Client) -> None:
    permissions = ["newsroom.view_article", "newsroom.publish_article"]
    client.force_login(EditorFactory(permissions=permissions))
    draft = ArticleFactory(draft=True)
    _act(client, "publish_articles", [draft])
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
    address = _change_page(article)
    assert f'name="{button}"' in publisher.get(address).content.decode()
    response = publisher.post(address, _form(article, title="New title", **{button: "1"}))
    assert response.headers["Location"] == address
    article.refresh_from_db()
    assert (article.title, article.status) == ("New title", status)


def test_schedule_button_leads_to_the_page_that_asks(publisher: Client) -> None:
    article = ArticleFactory(draft=True)
    response = publisher.post(_change_page(article), _form(article, _schedule="1"))
    address = f"{LIST}{article.pk}/schedule/"
    assert response.headers["Location"] == address
    assert publisher.get(address).status_code == 200
    response = publisher.post(address, {"at": IN_A_WEEK})
    assert response.headers["Location"] == _change_page(article)
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
    page = writer.get(_change_page(article)).content.decode()
    assert 'name="_publish"' not in page
    assert 'name="published_at_0"' not in page
    forged = _form(article, title="New", _publish="1", published_at_0="2001-01-01")
    assert writer.post(_change_page(article), forged).status_code == 403
    article.refresh_from_db()
    assert (article.title, article.status, article.published_at) == ("Old", Status.DRAFT, None)


def test_adding_and_publishing_in_one_go(publisher: Client) -> None:
    publisher.post(f"{LIST}add/", _form(slug="", authors="Ann\n\n Bob ", _publish="1"))
    article = Article.objects.get()
    assert (article.slug, article.authors, article.is_visible) == ("a-title", ["Ann", "Bob"], True)


def test_a_slug_that_is_taken_is_explained(writer: Client) -> None:
    ArticleFactory(slug="a-title")
    response = writer.post(f"{LIST}add/", _form())
    assert "Leave it empty to get one that is free" in response.content.decode()


def test_a_new_article_is_a_draft(writer: Client) -> None:
    writer.post(f"{LIST}add/", _form(status="published"))
    assert Article.objects.get().status == Status.DRAFT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"published_at_0": "", "published_at_1": ""}, "To take it off the site, withdraw it."),
        ({"language": "English!"}, "Enter a language code"),
        ({"image_url": "ftp://example.org/a"}, "starts with http or https"),
    ],
)
def test_mistakes_are_explained(publisher: Client, fields: dict[str, str], words: str) -> None:
    article = ArticleFactory()
    response = publisher.post(_change_page(article), _form(article, **fields))
    assert response.status_code == 200
    assert words in response.content.decode()


def test_links_lead_to_review_preview_and_page(client: Client) -> None:
    client.force_login(EditorFactory(permissions=[*PUBLISHER, "related.view_suggestion"]))
    out, draft = ArticleFactory(), ArticleFactory(draft=True)
    review = reverse("admin:related_document_review", args=["newsroom.article", str(out.pk)])
    for address in (LIST, _change_page(out)):
        page = LexborHTMLParser(client.get(address).content)
        assert page.css_matches(f'a[href="{review}"]')
        assert page.css_matches(f'a[href="{out.get_absolute_url()}?preview=1"]')
    page = LexborHTMLParser(client.get(_change_page(draft)).content)
    assert page.css_matches(f'a[href="{draft.get_absolute_url()}?preview=1"]')
    assert not page.css_matches(f'a[href="{draft.get_absolute_url()}"]')
    assert "Review links" not in page.html


def test_review_links_are_for_reviewers(writer: Client) -> None:
    article = ArticleFactory()
    for address in (LIST, _change_page(article)):
        assert "Review links" not in writer.get(address).content.decode()


def test_list_searches_and_filters(publisher: Client) -> None:
    section = SectionFactory()
    ArticleFactory(title="Lifeboat tows dredger", section=section, external_id="mc-1")
    ArticleFactory(title="Something else")
    for query in ("q=lifeboat+dredger", "q=mc-1", f"section__id__exact={section.pk}"):
        assert _titles(publisher, query) == ["Lifeboat tows dredger"]


def test_status_filter_goes_by_the_clock(publisher: Client) -> None:
    past = timezone.now() - timedelta(days=1)
    ArticleFactory(title="Out by the clock", scheduled=True, published_at=past)
    ArticleFactory(title="To come", scheduled=True)
    ArticleFactory(title="Draft", draft=True)
    ArticleFactory(title="Gone", withdrawn=True)
    assert _titles(publisher, "status=published") == ["Out by the clock"]
    assert _titles(publisher, "status=scheduled") == ["To come"]
    assert _titles(publisher, "status=draft") == ["Draft"]
    assert _titles(publisher, "status=withdrawn") == ["Gone"]
    assert len(_titles(publisher, "")) == 4


@pytest.mark.parametrize("n_articles", [1, 3])
def test_list_query_count_does_not_grow(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries, n_articles: int
) -> None:
    ArticleFactory.create_batch(n_articles, section=SectionFactory())
    with django_assert_num_queries(9):
        assert admin_client.get(LIST).status_code == 200


def test_sections_count_their_articles(admin_client: Client) -> None:
    section = ArticleFactory(section=SectionFactory(name="Harbor")).section
    page = LexborHTMLParser(admin_client.get("/admin/newsroom/section/").content)
    assert [node.text() for node in page.css("td.field-number_of_articles")] == ["1"]
    response = admin_client.post(
        reverse("admin:newsroom_section_delete", args=[section.pk]), {"post": "yes"}
    )
    assert response.status_code == 200
    assert Section.objects.filter(pk=section.pk).exists()
