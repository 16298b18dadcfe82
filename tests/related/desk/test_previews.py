"""Pages that are not public yet: the desk leads to them only where a site has such pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

import related
from newsroom.articles.models import Article
from newsroom.articles.related_sources import ArticleSource
from related.domain.desk.targets import load_targets
from related.models import Document
from tests.related.clicks import page_of
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_target,
    suggest,
)
from tests.related.editors import make_editor

pytestmark = pytest.mark.django_db


class WithoutPreviews(ArticleSource):
    def preview_url(self, obj: Article) -> str:
        return related.Source.preview_url(self, obj)


class WithScripts(ArticleSource):
    def preview_url(self, obj: Article) -> str:
        return "javascript:alert(1)"


@contextmanager
def registered_as(source: type[related.Source]) -> Iterator[None]:
    own = type(related.registry.source_for(Article))
    related.registry.unregister(Article)
    related.register(Article)(source)
    try:
        yield
    finally:
        related.registry.unregister(Article)
        related.register(Article)(own)


@pytest.fixture
def document() -> Document:
    """A published article for which one is suggested that is not out yet."""
    document = make_document(make_article("Ferry delayed"))
    suggest(document, make_target("Tomorrow's ferry", days_ago=-1))
    return document


def links_of(client: Client, document: Document) -> dict[str, Any]:
    client.force_login(make_editor())
    page = LexborHTMLParser(client.get(page_of(document)).content)
    return {link.text(strip=True): link.attributes.get("href") for link in page.css(".desk a")}


def test_the_newsroom_previews_what_is_not_out_yet(client: Client, document: Document) -> None:
    links = links_of(client, document)
    assert links["Preview"] == "/articles/ferry-delayed/?preview=1"
    assert links["Public page"] == "/articles/ferry-delayed/"
    assert links["Tomorrow's ferry"] == "/articles/tomorrows-ferry/?preview=1"


@pytest.mark.parametrize("source", [WithoutPreviews, WithScripts])
def test_a_site_without_previews_gets_no_links_to_them(
    client: Client, document: Document, source: type[related.Source]
) -> None:
    with registered_as(source):
        links = links_of(client, document)
        page = client.get(page_of(document)).content.decode()
    assert "Preview" not in links
    assert "Tomorrow's ferry" not in links
    assert "Tomorrow&#x27;s ferry" in page
    assert "preview" not in page
    assert links["Public page"] == "/articles/ferry-delayed/"


def test_what_is_public_is_opened_where_readers_see_it() -> None:
    target = make_target("Ferry repaired")
    assert load_targets([target], None)[target.pk].url == "/articles/ferry-repaired/"
