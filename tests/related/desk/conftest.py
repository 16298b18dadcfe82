"""Fixtures of the desk's tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from newsroom.articles.models import Article
from related.domain.desk.page import Desk, build_desk
from related.models import Document


@pytest.fixture
def look(article: Article, document: Document, anna: User) -> Callable[[], Desk]:
    """Build the desk from what is stored now, as a page that is loaded again."""

    def build() -> Desk:
        article.refresh_from_db()
        document.refresh_from_db()
        return build_desk(document, article, anna)

    return build
