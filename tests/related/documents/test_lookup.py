"""Objects by their address, on sites whose addresses differ in more than the path."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from newsroom.articles.models import Article
from newsroom.articles.related_sources import ArticleSource
from related import registry
from related.models import Document
from tests.related.stories import publish, work

pytestmark = pytest.mark.django_db


class AddressedSource(ArticleSource):
    """Every article stands where its ``origin_url`` says."""

    def url(self, obj: Article) -> str:
        return obj.origin_url


@pytest.fixture(autouse=True)
def _addressed() -> Iterator[None]:
    registry.unregister(Article)
    registry.register(Article)(AddressedSource)
    yield
    registry.unregister(Article)
    registry.register(Article)(ArticleSource)


def found(*urls: str) -> list[str]:
    results = Client().get("/api/v1/links/", {"url": urls}).json()["results"]
    return [result["document"]["title"] for result in results if result["found"]]


def at(**addresses: str) -> None:
    for title, address in addresses.items():
        publish(title, f"The text of {title}.", origin_url=address)
    work()


def test_hosts_are_told_apart() -> None:
    at(north="https://north.example/news/1", south="https://south.example/news/1")
    assert found("https://www.north.example/news/1/?utm_source=x") == ["north"]
    assert found("http://south.example/news/1#top") == ["south"]
    assert found("https://west.example/news/1") == []
    assert found("/news/1") == []  # either


def test_a_path_alone_is_enough_where_one_page_has_it() -> None:
    at(north="https://north.example/news/1", south="https://south.example/news/2")
    assert found("/news/1") == ["north"]


def test_parameters_are_told_apart_where_they_name_the_page() -> None:
    at(one="https://n.example/story?id=1&lang=en", two="https://n.example/story?lang=en&id=2")
    assert found("https://n.example/story?id=2&lang=en", "/story?lang=en&id=1&ref=x") == [
        "two",
        "one",
    ]
    assert found("https://n.example/story?id=3&lang=en") == []
    assert found("https://n.example/story") == []


def test_parameters_are_passed_over_where_they_do_not() -> None:
    at(plain="https://n.example/story", other="https://n.example/list?page=2")
    assert found("https://n.example/story?page=2") == ["plain"]


def test_a_page_without_parameters_does_not_stand_for_those_with() -> None:
    at(plain="https://n.example/story", one="https://n.example/story?id=1")
    assert found("https://n.example/story") == ["plain"]
    assert found("https://n.example/story?id=1") == ["one"]
    assert found("https://n.example/story?id=9") == []


def test_addresses_without_a_path() -> None:
    at(one="https://n.example/?p=1", two="https://n.example/?p=2")
    assert found("https://n.example/?p=2") == ["two"]
    assert found("https://n.example?p=1&fbclid=abc") == ["one"]


def test_rows_that_were_read_before_there_were_keys_are_found_by_their_path() -> None:
    at(north="https://north.example/news/1")
    Document.objects.update(url_key=None)
    assert found("https://north.example/news/1") == ["north"]
    assert found("https://south.example/news/1") == []
