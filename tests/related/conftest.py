"""Fixtures of the plugin's tests: an article on the desk, and the editors in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from newsroom.articles.models import Article
from related.models import Document
from related.signals import links_changed
from tests.related.desk_documents import make_article, make_document, make_target, suggest
from tests.related.editors import make_editor


@pytest.fixture
def anna(db: None) -> User:
    """An editor who may review in every section."""
    return make_editor("anna")


@pytest.fixture
def ben(db: None) -> User:
    """Another one."""
    return make_editor("ben")


@pytest.fixture
def article(db: None) -> Article:
    return make_article("Ferry delayed")


@pytest.fixture
def document(article: Article) -> Document:
    """The article's row."""
    return make_document(article)


@pytest.fixture
def target(document: Document) -> Document:
    """An older article that is suggested for the document, in the slot "related"."""
    target = make_target("Ferry repaired")
    suggest(document, target, similarity=0.42)
    return target


@pytest.fixture
def announced() -> Iterator[list[list[int] | None]]:
    """The ids of documents that ``links_changed`` announced, a list a time; None stands for all."""
    received: list[list[int] | None] = []

    def listen(sender: Any, document_ids: list[int] | None, **kwargs: Any) -> None:
        received.append(document_ids)

    links_changed.connect(listen)
    yield received
    links_changed.disconnect(listen)
