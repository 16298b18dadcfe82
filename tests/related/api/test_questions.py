"""Questions to the public API: what is asked for, how much of it, and nonsense."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import Settings

from newsroom.articles.models import Article
from tests.related.api.addresses import LINKS, address_of
from tests.related.stored_articles import make_article, store

pytestmark = pytest.mark.django_db


def test_several_by_address_and_by_id_in_the_order_asked_for(client: Client) -> None:
    first, second, third = (make_article(title) for title in "ABC")
    query = {
        "url": [
            f"https://news.example{third.get_absolute_url()}?from=home#top",
            first.get_absolute_url().rstrip("/"),
        ],
        "id": [f"newsroom.article:{second.pk}", f"newsroom.article:{first.pk}"],
    }
    results = client.get(LINKS, query).json()["results"]
    assert [page["document"]["title"] for page in results] == ["C", "A", "B", "A"]
    asked = [{"url": url} for url in query["url"]] + [{"id": id_} for id_ in query["id"]]
    assert [page["asked"] for page in results] == asked
    assert {page["found"] for page in results} == {True}


def test_an_address_finds_the_article_that_has_it_now(client: Client) -> None:
    old = make_article("Old", slug="bridge")
    Article.objects.filter(pk=old.pk).update(slug="bridge-2")  # its row still has the old path
    make_article("New", slug="bridge")
    [page] = client.get(LINKS, {"url": "/articles/bridge/"}).json()["results"]
    assert page["document"]["title"] == "New"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_is_read_only(client: Client, method: str) -> None:
    article = make_article()
    for address in (LINKS, address_of(article)):
        response = getattr(client, method)(address, b"[" * 100_000, "application/json")
        assert response.status_code == 405
        assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "newsroom.article/%00/",
        "newsroom.article/1%00/",
        "newsroom.article/-1/",
        "newsroom.article/01/",
        "newsroom.article/1.0/",
        "newsroom.article/١/",
        f"newsroom.article/{'9' * 5000}/",
        "newsroom.article/%ED%A0%80/",
        "newsroom.section/1/",
        "auth.user/1/",
        "%00/1/",
        "nonsense/1/",
        "newsroom.article/1/?format=xml",
    ],
)
def test_nonsense_in_the_path_is_not_found(client: Client, path: str) -> None:
    article = make_article()
    assert client.get(address_of(article)).status_code == 200
    assert client.get(LINKS + path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?limit=100000000000000000000",
        "?" + "&".join(f"id=newsroom.article:{number}" for number in range(101)),
        "?" + "&".join(["url=/a/"] * 101),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(client: Client, query: str) -> None:
    response = client.get(LINKS + query)
    assert response.status_code == 400
    assert response["Cache-Control"] == "no-store"
    assert response.json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "?id=12",
        "?id=",
        "?id=auth.user:1",
        "?url=",
        "?url=/",
        "?url=https://[bad",
        "?url=https://news.example",
        "?url=javascript:alert(1)",
        "?limit=100000000000000000000&id=newsroom.article:1",
        "?id=newsroom.article:%00",
        f"?id=newsroom.article:{'9' * 5000}",
        "?id=newsroom.article:",
        "?id=newsroom.article:%ED%A0%80",
        "?url=/a%00/",
        "?url=/%ED%A0%80/",
        f"?url=/{'a' * 20_000}/",
        "?url=" + quote("/' OR 1=1 --/"),
    ],
)
def test_nonsense_in_the_query_finds_nothing(client: Client, query: str) -> None:
    response = client.get(LINKS + query)
    assert response.status_code == 200
    [result] = response.json()["results"]
    assert result["found"] is False
    assert set(result) == {"asked", "found"}


def test_the_number_of_documents_is_limited_by_a_setting(
    client: Client, settings: Settings
) -> None:
    settings.RELATED = {"API_MAX_DOCUMENTS": 1}
    article = make_article()
    one = f"newsroom.article:{article.pk}"
    assert client.get(LINKS, {"id": one}).status_code == 200
    assert client.get(LINKS, {"id": [one, one]}).status_code == 400


def test_a_renamed_article_is_found_under_its_new_address_once_indexed(client: Client) -> None:
    article = make_article("A", slug="old")
    article.slug = "new"
    article.save()
    [result] = client.get(LINKS, {"url": "/articles/new/"}).json()["results"]
    assert not result["found"]
    store(article)
    [result] = client.get(LINKS, {"url": "/articles/new/"}).json()["results"]
    assert result["found"]
