"""How many queries an answer takes, whatever is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from newsroom.articles import publishing
from newsroom.articles.models import Article
from related.domain.documents.reading import body_hash
from related.domain.pages.rows import rewrite_pages
from related.models import Document, Summary
from tests.related.api.addresses import LINKS, address_of
from tests.related.stored_articles import approve, make_article, row_of, store

pytestmark = pytest.mark.django_db

BY_ID, BY_URL = 2, 3  # among them the newest of the section, a slot by date


def make_pages(n_articles: int, n_links: int) -> list[Article]:
    articles = [make_article(f"A{number}") for number in range(n_articles)]
    targets = [make_article(f"B{number}") for number in range(n_links)]
    make_article("C", days_old=0.5)  # for the slot by date
    for article in articles:
        for target in targets:
            approve(article, "related", target)
    rewrite_pages(Document.objects.values_list("pk", flat=True))
    return articles


def ids(articles: list[Article]) -> dict[str, list[str]]:
    return {"id": [f"newsroom.article:{article.pk}" for article in articles]}


def n_queries(client: Client, address: str, query: dict[str, Any] | None = None) -> int:
    client.get(address, query)  # content types are read once per process
    with CaptureQueriesContext(connection) as queries:
        client.get(address, query)
    return len(queries)


@pytest.mark.parametrize("n_links", [1, 3])
def test_one_document(
    client: Client, n_links: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    [article] = make_pages(1, n_links)
    client.get(address_of(article))
    with django_assert_num_queries(BY_ID):
        slots = client.get(address_of(article)).json()["slots"]
    assert len(slots["related"]["items"]) == n_links
    with django_assert_num_queries(BY_URL):
        client.get(LINKS, {"url": article.get_absolute_url()})


@pytest.mark.parametrize("n_articles", [1, 20, 100])
def test_many_documents(
    client: Client, n_articles: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    articles = make_pages(n_articles, 3)
    client.get(LINKS, ids(articles))
    with django_assert_num_queries(BY_ID):
        results = client.get(LINKS, ids(articles)).json()["results"]
    assert [len(page["slots"]["related"]["items"]) for page in results] == [3] * n_articles
    assert all(page["slots"]["section"]["items"] for page in results)
    urls = {"url": [article.get_absolute_url() for article in articles]}
    with django_assert_num_queries(BY_URL):
        client.get(LINKS, urls)


def test_what_has_not_changed_takes_no_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    [article] = make_pages(1, 3)
    etag = client.get(address_of(article))["ETag"]
    with django_assert_num_queries(BY_ID):
        unchanged = client.get(address_of(article), headers={"If-None-Match": etag})
    assert unchanged.status_code == 304


def test_an_approved_summary_takes_one_more_for_the_body(client: Client) -> None:
    [article] = make_pages(1, 1)
    row = row_of(article)
    text_hash = body_hash(row.source, article)
    Summary.objects.create(document=row, text="In short.", text_hash=text_hash)
    rewrite_pages([row.pk])
    assert client.get(address_of(article)).json()["summary"] == "In short."
    assert n_queries(client, address_of(article)) == BY_ID + 1


def test_hidden_and_missing_take_the_same(client: Client) -> None:
    [hidden] = make_pages(1, 3)
    earlier = hidden.get_absolute_url()
    hidden.slug = "renamed"
    hidden.save()
    store(hidden)
    publishing.withdraw(hidden)
    rewrite_pages([row_of(hidden).pk])
    missing = hidden.pk + 1000
    for shown, absent in (
        ((address_of(hidden), None), (f"{LINKS}newsroom.article/{missing}/", None)),
        ((LINKS, ids([hidden])), (LINKS, {"id": f"newsroom.article:{missing}"})),
        ((LINKS, {"url": hidden.get_absolute_url()}), (LINKS, {"url": "/articles/none/"})),
        ((LINKS, {"url": earlier}), (LINKS, {"url": "/articles/none/"})),
    ):
        assert n_queries(client, *shown) == n_queries(client, *absent)
