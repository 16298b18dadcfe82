"""Articles that are not out: absent for the public, shown to editors who ask for a preview."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser

from tests.factories import ArticleFactory, EditorFactory
from tests.related.stored_articles import store, suggest

pytestmark = pytest.mark.django_db

MAY_PREVIEW = ["related.view_suggestion", "newsroom.view_article"]


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_hidden_and_missing_articles_look_the_same(client: Client, state: str) -> None:
    hidden = ArticleFactory(**{state: True})
    ArticleFactory()
    answers = [
        client.get(address)
        for address in (
            hidden.get_absolute_url(),
            "/articles/no-such-article/",
            f"{hidden.get_absolute_url()}?preview=1",
            "/articles/no-such-article/?preview=1",
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers == answers[1].headers
    assert answers[2].headers == answers[3].headers
    assert answers[2]["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "address", ["/articles/a/?preview=1", "/articles/a?preview", "/x?preview="]
)
def test_no_answer_to_a_preview_is_kept(client: Client, address: str) -> None:
    ArticleFactory(slug="a")
    for response in (client.get(address), client.head(address), client.post(address)):
        assert response["Cache-Control"] == "private, no-store"


def test_preview_shows_editors_what_is_hidden_and_pending(client: Client) -> None:
    article = ArticleFactory(scheduled=True)
    target = ArticleFactory(title="Waiting for approval", section=None)
    store(article)
    store(target)
    suggest(article, "related", target)
    client.force_login(EditorFactory(permissions=MAY_PREVIEW))
    assert client.get(article.get_absolute_url()).status_code == 404
    response = client.get(f"{article.get_absolute_url()}?preview=1")
    page = LexborHTMLParser(response.content)
    [banner] = page.css(".preview-banner")
    assert "scheduled for" in banner.text()
    links = [link.text() for link in page.css("[data-slot=related] a")]
    assert links == ["Waiting for approval"]
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("is_staff", [True, False])
def test_preview_needs_staff_and_permission(client: Client, is_staff: bool) -> None:
    permissions = ["newsroom.view_article"] if is_staff else MAY_PREVIEW
    client.force_login(EditorFactory(is_staff=is_staff, permissions=permissions))
    draft, public = ArticleFactory(draft=True), ArticleFactory()
    assert client.get(f"{draft.get_absolute_url()}?preview=1").status_code == 404
    response = client.get(f"{public.get_absolute_url()}?preview=1")
    assert b"preview-banner" not in response.content
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_what_is_hidden_is_read_only_by_those_who_may_view_articles(
    client: Client, state: str
) -> None:
    hidden, public = ArticleFactory(**{state: True}), ArticleFactory()
    client.force_login(EditorFactory(permissions=["related.view_suggestion"]))
    assert client.get(f"{hidden.get_absolute_url()}?preview=1").status_code == 404
    assert b"preview-banner" in client.get(f"{public.get_absolute_url()}?preview=1").content

    client.force_login(
        EditorFactory(permissions=["related.view_suggestion", "newsroom.change_article"])
    )
    response = client.get(f"{hidden.get_absolute_url()}?preview=1")
    assert response.status_code == 200
    leads_back = (
        reverse("admin:related_document_review", args=["newsroom.article", hidden.pk]).encode()
        in response.content
    )
    assert leads_back == (state != "withdrawn")  # which has no review page
