"""A change of an article and what its listeners store are one, even without a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models.signals import ModelSignal, post_delete, post_save

from newsroom.articles.models import Article
from related.models import Document
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db(transaction=True)

Fail = Callable[[ModelSignal], None]


@pytest.fixture
def fail_at() -> Iterator[Fail]:
    """``fail_at(signal)``: from now on, something breaks after the plugin's mark."""
    connected: list[ModelSignal] = []

    def fail(**kwargs: Any) -> None:
        raise RuntimeError("the power went")

    def connect(signal: ModelSignal) -> None:
        signal.connect(fail, sender=Article, weak=False, dispatch_uid="tests.fail")
        connected.append(signal)

    yield connect
    for signal in connected:
        signal.disconnect(sender=Article, dispatch_uid="tests.fail")


def test_a_new_article_is_saved_with_its_mark_or_not_at_all(fail_at: Fail) -> None:
    fail_at(post_save)
    with pytest.raises(RuntimeError, match="power"):
        ArticleFactory()
    assert not Article.objects.exists()
    assert not Document.objects.exists()


def test_an_edit_is_saved_with_its_mark_or_not_at_all(fail_at: Fail) -> None:
    article = ArticleFactory(title="Before")
    fail_at(post_save)
    article.title = "After"
    with pytest.raises(RuntimeError, match="power"):
        article.save()
    assert Article.objects.get().title == "Before"
    assert Document.objects.get().want_rev == 1


def test_an_article_is_deleted_with_its_mark_or_not_at_all(fail_at: Fail) -> None:
    article = ArticleFactory()
    fail_at(post_delete)
    with pytest.raises(RuntimeError, match="power"):
        article.delete()
    assert Article.objects.exists()
    assert Document.objects.get().want_rev == 1
