"""What a site itself says of sensitive objects: stored with the save, and again by the worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from newsroom.articles.models import Article
from newsroom.articles.related_sources import ArticleSource
from related.domain.documents.marks import marks_by_site
from related.domain.pages.rows import rewrite_pages
from related.domain.rebuilds.rebuilding import process_once
from related.enums import Mark
from tests.related.api.addresses import address_of
from tests.related.stored_articles import approve, make_article, publish, row_of

pytestmark = pytest.mark.django_db


class Obituaries(ArticleSource):
    def sensitivity(self, obj: Article) -> list[str]:
        return ["never_suggest"] if "obituary" in obj.title.lower() else []


class Nonsense(ArticleSource):
    def sensitivity(self, obj: Article) -> list[str]:
        return ["quiet"]


def test_readers_see_it_after_the_save_with_all_workers_away(
    client: Client,
    register_only: Callable[..., None],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    register_only({Article: Obituaries})
    article, target = make_article("A"), make_article("Mayor Brown", days_old=3)
    approve(article, "related", target)
    rewrite_pages([row_of(article).pk])
    assert client.get(address_of(article)).json()["slots"]["related"]["items"]
    target.title = "Obituary: mayor Brown"
    with django_capture_on_commit_callbacks(execute=True):
        target.save()
    assert row_of(target).site_marks == Mark.NEVER_SUGGEST
    assert not client.get(address_of(article)).json()["slots"]["related"]["items"]


def test_a_worker_stores_it_as_well(register_only: Callable[..., None]) -> None:
    register_only({Article: Obituaries})
    article = publish("Obituary: mayor Brown")
    while process_once():
        pass
    assert row_of(article).site_marks == Mark.NEVER_SUGGEST


def test_a_word_that_is_none_of_the_marks_is_an_error_of_the_source() -> None:
    with pytest.raises(ValueError, match="'quiet'; it may give no_links, never_suggest"):
        marks_by_site(Nonsense(Article), Article())
    assert marks_by_site(Obituaries(Article), Article(title="Obituary")) == Mark.NEVER_SUGGEST
