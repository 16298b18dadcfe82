"""Documents of a model that the site took out: shown by their label, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

import related
from newsroom.articles.models import Section
from related.domain.decisions import reviewing, undoing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import title_of
from related.domain.desk.targets import load_targets
from related.domain.documents.marking import ensure_document
from related.domain.documents.titles import read_titles
from related.enums import Verdict
from related.models import Decision, Document
from tests.related.clicks import page_of
from tests.related.desk_documents import (
    make_slot,
    suggest,
)

pytestmark = pytest.mark.django_db

Make = Callable[[], Document]


class SectionSource(related.Source):
    def queryset(self) -> QuerySet[Section]:
        return Section.objects.all()

    def public(self) -> QuerySet[Section]:
        return Section.objects.all()

    def title(self, obj: Section) -> str:
        return obj.name

    def text(self, obj: Section) -> str:
        return obj.name

    def url(self, obj: Section) -> str:
        return obj.get_absolute_url()


def of_a_model_that_is_not_registered_any_more() -> Document:
    related.register(Section)(SectionSource)
    try:
        section = Section.objects.create(name=f"Section {Section.objects.count()}")
        document = ensure_document(section)
        assert title_of(document) == section.name
    finally:
        related.registry.unregister(Section)
    return document


def of_a_model_whose_class_is_gone() -> Document:
    kind, _ = ContentType.objects.get_or_create(app_label="gone", model="story")
    return Document.objects.create(content_type=kind, object_id=str(Document.objects.count()))


@pytest.fixture(
    params=[of_a_model_that_is_not_registered_any_more, of_a_model_whose_class_is_gone],
    ids=["unregistered", "class gone"],
)
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    yield request.param
    ContentType.objects.clear_cache()


def test_it_is_shown_as_its_label(make: Make) -> None:
    gone = make()
    target = load_targets([gone], None)[gone.pk]
    assert (target.title, target.url, target.state) == (gone.label, "", "deleted")
    assert title_of(gone) == read_titles([gone])[gone.pk] == gone.label


def test_the_desk_and_the_queue_show_suggestions_and_decisions_towards_it(
    client: Client, document: Document, anna: User, make: Make
) -> None:
    approved, rejected, suggested = make(), make(), make()
    suggest(document, suggested)
    reviewing.approve(LinkRef(document, make_slot(), approved), user=anna, version=0)
    reviewing.reject(LinkRef(document, make_slot(), rejected), user=anna, version=0)
    client.force_login(anna)

    page = client.get(page_of(document))
    queue = client.get(f"{reverse('admin:related_review_queue')}?state=all")

    assert (page.status_code, queue.status_code) == (200, 200)
    assert all(gone.label in page.content.decode() for gone in (approved, rejected, suggested))
    assert "deleted" in page.content.decode()
    assert page_of(document) in queue.content.decode()
    public = client.get(f"/api/v1/links/{document.type_label}/{document.object_id}/")
    assert public.json()["slots"]["related"]["items"] == []


def test_a_decision_on_it_can_be_undone(document: Document, anna: User, make: Make) -> None:
    reviewing.approve(LinkRef(document, make_slot(), make()), user=anna, version=0)
    step = undoing.last_step(anna)
    assert step is not None
    undoing.undo(step.operation, document, user=anna)
    assert Decision.objects.get().verdict == Verdict.OPEN


@pytest.mark.parametrize("name", ["related_document_changelist", "related_dashboard"])
def test_operators_see_it_by_its_label(admin_client: Client, make: Make, name: str) -> None:
    gone = make()
    fields: dict[str, Any] = {"want_rev": 9, "attempts": 9, "error": "ValueError: no text"}
    Document.objects.filter(pk=gone.pk).update(**fields)

    response = admin_client.get(reverse(f"admin:{name}"))

    assert response.status_code == 200
    assert gone.label in response.content.decode()
