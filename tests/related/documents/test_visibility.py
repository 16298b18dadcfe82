"""What is public, asked for documents of models whose keys are of different kinds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

import related
from newsroom.articles.models import Article
from related import registry
from related.domain.attention.states import refresh_states
from related.domain.documents.visibility import is_public
from related.domain.reports.hidden_links import count_hidden_links
from related.models import Decision, Document
from tests.factories import ArticleFactory
from tests.related.desk_documents import make_document, make_slot

pytestmark = pytest.mark.django_db


class SessionSource(related.Source):
    """Rows whose keys are texts, and no numbers."""

    def queryset(self) -> QuerySet[Session]:
        return Session.objects.all()

    public = queryset


@pytest.fixture
def session() -> Iterator[Document]:
    related.register(Session)(SessionSource)
    row = Session.objects.create(session_key="not a number", expire_date=timezone.now())
    kind = ContentType.objects.get_for_model(Session)
    yield Document.objects.create(content_type=kind, object_id=row.pk, is_indexed=True)
    registry.unregister(Session)


@pytest.fixture
def article() -> Document:
    return make_document(ArticleFactory())


def public() -> set[Document]:
    return set(Document.objects.filter(is_public()))


def test_each_key_is_read_as_its_own_model_has_it(session: Document, article: Document) -> None:
    assert public() == {session, article}
    assert set(Document.objects.exclude(is_public())) == set()
    Article.objects.update(status="draft")
    assert public() == {session}


def test_links_to_models_that_are_no_longer_registered_are_hidden(
    session: Document, article: Document
) -> None:
    slot = make_slot("related")
    for document, target in ((article, session), (session, article)):
        Decision.objects.create(document=document, slot=slot, target=target, verdict="approved")
    refresh_states([session.pk, article.pk])
    assert sum(count_hidden_links()) == 0
    registry.unregister(Session)
    refresh_states([session.pk, article.pk])
    assert sum(count_hidden_links()) == 1
