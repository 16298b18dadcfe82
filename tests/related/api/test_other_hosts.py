"""What scripts and caches on other hosts need: CORS, one shape of error, tags, compression."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from pytest_django import Settings

from newsroom.articles.models import Article
from tests.related.api.addresses import LINKS, address_of
from tests.related.stored_articles import approve, make_article, store

pytestmark = pytest.mark.django_db

EVERYBODY = "Access-Control-Allow-Origin"


@pytest.mark.parametrize("address", [LINKS, f"{LINKS}newsroom.article/1/", "/api/v1/nonsense/"])
def test_a_preflight_is_allowed(client: Client, address: str) -> None:
    response = client.options(
        address,
        headers={
            "Origin": "https://other.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-anything",
        },
    )
    assert (response.status_code, response.content) == (204, b"")
    assert response[EVERYBODY] == "*"
    assert response["Access-Control-Allow-Headers"] == "*"
    assert "GET" in response["Access-Control-Allow-Methods"]


def test_without_its_last_slash_an_address_answers_too(client: Client) -> None:
    address = address_of(make_article())
    with_slash, without = client.get(address), client.get(address.rstrip("/"))
    assert without.status_code == 200
    assert without.content == with_slash.content
    assert client.get(f"{LINKS.rstrip('/')}?url=/a").status_code == 200


@pytest.mark.parametrize(
    ("address", "accept", "status"),
    [
        (LINKS, "*/*", 400),
        (f"{LINKS}newsroom.article/999999/", "*/*", 404),
        (f"{LINKS}nonsense/1/", "*/*", 404),
        ("/api/v1/nonsense", "*/*", 404),
        ("/api/v1/", "text/html", 406),
        (LINKS, "text/html", 406),
    ],
)
def test_every_error_has_one_shape(client: Client, address: str, accept: str, status: int) -> None:
    response = client.get(address, headers={"Accept": accept})
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert list(response.json()) == ["detail"]
    assert response[EVERYBODY] == "*"


@pytest.mark.parametrize(
    "accept", ["application/json", "application/*;q=0.5", "text/html, application/json;q=0.1"]
)
def test_negotiated_answers_are_the_plain_ones(client: Client, accept: str) -> None:
    address = address_of(make_article())
    plain, negotiated = client.get(address), client.get(address, headers={"Accept": accept})
    assert negotiated.content == plain.content
    assert negotiated["ETag"] == plain["ETag"]
    assert negotiated["Cache-Control"] == plain["Cache-Control"]


def test_the_tags_are_of_all_documents_in_the_answer(client: Client) -> None:
    article, target = make_article("A", section=""), make_article("B", section="")
    hidden = make_article("C", section="", status="draft")
    for each in (target, hidden):
        approve(article, "related", each)
    response = client.get(address_of(article))
    tags = ["related", *(f"newsroom.article:{each.pk}" for each in (article, target))]
    assert response["Surrogate-Key"].split(" ") == tags
    assert response["Cache-Tag"].split(",") == tags
    assert "Surrogate-Key" not in client.get(address_of(hidden))


@pytest.mark.parametrize(
    ("accepted", "is_compressed"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("", False), ("br", False), ("gzip;q=0", False)],
)
def test_it_is_compressed_for_who_asks(client: Client, accepted: str, is_compressed: bool) -> None:
    article = make_article("A", section="")
    approve(article, "related", make_article("B", section=""))
    address = address_of(article)
    plain = client.get(address)
    response = client.get(address, headers={"Accept-Encoding": accepted})
    assert (response.get("Content-Encoding") == "gzip") is is_compressed
    content = gzip.decompress(response.content) if is_compressed else response.content
    assert content == plain.content
    again = {"Accept-Encoding": accepted, "If-None-Match": response["ETag"]}
    assert client.get(address, headers=again).status_code == 304


def test_an_earlier_address_leads_to_the_article(client: Client, settings: Settings) -> None:
    article = make_article("A", slug="old")
    article.slug = "new"
    article.save()
    store(article)
    for url in ("/articles/old/", "https://news.example/articles/old?utm_source=x"):
        [result] = client.get(LINKS, {"url": url}).json()["results"]
        assert result["document"]["url"] == "/articles/new/"
        assert result["asked"] == {"url": url}
    page = client.get("/articles/old/")
    assert (page.status_code, page["Location"]) == (301, "/articles/new/")
    assert client.get("/articles/never/").status_code == 404


def test_each_of_many_earlier_addresses_leads_to_the_article(client: Client) -> None:
    article = make_article("A", slug="first")
    for slug in ("second", "third", "fourth"):
        article.slug = slug
        article.save()
    store(article)
    earlier = [f"/articles/{slug}/" for slug in ("first", "second", "third")]
    for result in client.get(LINKS, {"url": earlier}).json()["results"]:
        assert result["document"]["url"] == "/articles/fourth/"
    for url in earlier:
        page = client.get(url)
        assert (page.status_code, page["Location"]) == (301, "/articles/fourth/")


def test_an_earlier_address_of_what_is_hidden_leads_nowhere(client: Client) -> None:
    article = make_article("A", slug="old")
    article.slug = "new"
    article.save()
    store(article)
    Article.objects.filter(pk=article.pk).update(status="draft")
    missing = client.get("/articles/never/")
    assert client.get("/articles/old/").content == missing.content
    assert not client.get(LINKS, {"url": "/articles/old/"}).json()["results"][0]["found"]
