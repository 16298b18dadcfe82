"""Sections and tags: their names, and what a section's new name or slug does to its articles."""

from __future__ import annotations

import pytest
from django.test import Client

from newsroom.articles.models import Section, Tag
from related.domain.pages.placing import place_links
from related.enums import Priority
from related.models import Document
from tests.factories import ArticleFactory, EditorFactory, SectionFactory
from tests.related.stories import work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", [{"slug": "port"}, {"name": "Port"}])
def test_renaming_marks_the_articles_of_the_section(change: dict[str, str]) -> None:
    section, other = SectionFactory(name="Harbor"), SectionFactory()
    articles = ArticleFactory.create_batch(3, section=section)
    ArticleFactory(section=other)
    work()
    for name, value in change.items():
        setattr(section, name, value)
    section.save()
    waiting = Document.objects.waiting()
    assert {int(document.object_id) for document in waiting} == {a.pk for a in articles}
    assert {document.priority for document in waiting} == {Priority.BULK}


def test_other_changes_of_a_section_mark_nothing() -> None:
    section = ArticleFactory().section
    work()
    section.position += 1
    section.save()
    assert not Document.objects.waiting().exists()


def test_the_section_slot_is_filled_under_the_new_slug() -> None:
    section = SectionFactory(name="Harbor")
    article = ArticleFactory(section=section)
    ArticleFactory(section=section)
    work()
    section.slug = "port"
    section.save()
    work()
    newcomer = ArticleFactory(section=section)
    work()
    [page] = place_links([article])
    assert newcomer.title in [link.title for link in page.slots["section"].items]


@pytest.mark.parametrize("model", [Section, Tag])
def test_names_are_cleaned_before_they_are_compared(client: Client, model: type) -> None:
    kind = model.__name__.lower()
    model.objects.create(name="caf\u00e9")  # type: ignore[attr-defined]
    client.force_login(EditorFactory(permissions=[f"newsroom.add_{kind}", f"newsroom.view_{kind}"]))
    for name, message in (("cafe\u0301", "already exists"), ("\x01", "at least one visible")):
        data = {"name": name, "slug": "cafe-2", "position": 1}
        response = client.post(f"/admin/newsroom/{kind}/add/", data)
        assert response.status_code == 200
        assert message in response.content.decode()
    assert model.objects.create(name="e\u0301t\u00e9").name == "\u00e9t\u00e9"  # type: ignore[attr-defined]
