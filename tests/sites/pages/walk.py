"""Children of one parent under labels of their own, saved as themselves and as their parent; a
branch of the tree that moves."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client

import related
from related.models import Document
from tests.sites.pages.models import Event, HolidayRecipe, NewRecipe, Page, Recipe, Story
from tests.sites.pages.related_sources import RecipeSource

pytestmark = pytest.mark.django_db
LINKS = "/api/v1/links/"


@pytest.fixture
def city() -> Page:
    return Page.objects.create(slug="city", title="City")


@pytest.fixture
def story(city: Page) -> Story:
    return Story.objects.create(
        parent=city, slug="bridge", title="Harbor bridge closes", body="Cracks in two piers."
    )


def process() -> None:
    call_command("process_related", verbosity=0)


def waiting() -> set[str]:
    return {document.label for document in Document.objects.waiting()}


def test_children_take_part_under_their_own_labels(
    client: Client, city: Page, story: Story
) -> None:
    event = Event.objects.create(
        parent=city, slug="walk", title="A walk on the bridge", about="Harbor, piers and cracks."
    )
    assert run_checks(tags=["related"]) == []
    assert waiting() == {f"pages.story:{story.pk}", f"pages.event:{event.pk}"}
    process()
    for obj, label in ((story, "pages.story"), (event, "pages.event")):
        answer = client.get(f"{LINKS}{label}/{obj.pk}/").json()
        assert (answer["document"]["type"], answer["document"]["url"]) == (label, obj.path())
    assert client.get(f"{LINKS}pages.story/{event.pk}/").status_code == 404
    assert client.get(f"{LINKS}pages.page/{story.pk}/").status_code == 404


def test_a_child_saved_as_its_parent_is_noticed(client: Client, story: Story) -> None:
    process()
    page = Page.objects.get(pk=story.pk)
    page.title = "Harbor bridge reopens"
    page.save()
    assert waiting() == {f"pages.story:{story.pk}"}
    process()
    related.mark_changed([page])
    assert waiting() == {f"pages.story:{story.pk}"}
    page.delete()
    process()
    assert not Document.objects.indexed().exists()
    assert client.get(f"{LINKS}pages.story/{story.pk}/").status_code == 404


def test_a_template_may_have_a_child_as_its_parent(city: Page, story: Story) -> None:
    again = "The piers of the harbor bridge are repaired, trams run."
    Story.objects.create(slug="open", title="Harbor bridge opens again", body=again)
    Story.objects.create(slug="choir", title="School choir wins", body="Forty children sang.")
    story.body = "Cracks in two piers of the harbor bridge stop all trams."
    story.save()
    process()
    tag = Template(
        "{% load related %}{% for slot in slots %}{% related_links page slot as links %}"
        "{% for link in links %}{{ link.title }}{% endfor %}{% endfor %}"
    )
    context = {"related_preview": True, "slots": ["previous", "inline", "related"]}
    shown = tag.render(Context({**context, "page": story}))
    assert shown == "Harbor bridge opens again"
    assert tag.render(Context({**context, "page": Page.objects.get(pk=story.pk)})) == shown
    with pytest.raises(LookupError, match=r"pages\.page is not registered"):
        tag.render(Context({**context, "page": city}))


def test_a_parent_without_registered_children_is_nothing_to_us(city: Page) -> None:
    city.title = "Town"
    city.save()
    city.delete()
    assert not Document.objects.exists()


@pytest.mark.parametrize("tell", [True, False])
def test_a_moved_branch(client: Client, city: Page, story: Story, *, tell: bool) -> None:
    process()
    old = story.path()
    town = Page.objects.create(slug="town", title="Town")
    Page.objects.filter(pk=city.pk).update(parent=town)
    story.refresh_from_db()
    assert story.path() == "/town/city/bridge/" != old
    # Asked for by its id or by its former address, a page has its present one at once.
    assert client.get(f"{LINKS}pages.story/{story.pk}/").json()["document"]["url"] == story.path()
    [moved] = client.get(LINKS, {"url": old}).json()["results"]
    assert moved["document"]["url"] == story.path()
    if tell:
        related.mark_changed(Story.objects.filter(parent=city))
        process()
    else:
        call_command("rebuild_related", verbosity=0)
    [found] = client.get(LINKS, {"url": story.path()}).json()["results"]
    assert found["document"]["id"] == str(story.pk)


@pytest.mark.parametrize("label", ["pages.recipe", "pages.holidayrecipe", "pages.newrecipe"])
def test_a_child_of_a_registered_model_goes_by_its_own_label_too(
    client: Client, label: str
) -> None:
    recipe = HolidayRecipe.objects.create(title="Goose", steps="Roast it.", holiday="Christmas")
    assert waiting() == {f"pages.recipe:{recipe.pk}"}
    process()
    answer = client.get(f"{LINKS}{label}/{recipe.pk}/").json()
    assert answer["document"] == {
        "type": "pages.recipe",
        "id": str(recipe.pk),
        "title": "Goose",
        "url": f"/recipes/{recipe.pk}/",
    }
    Recipe.objects.get(pk=recipe.pk).delete()
    assert client.get(f"{LINKS}{label}/{recipe.pk}/").status_code == 404


def test_a_proxy_is_not_registered() -> None:
    source: Any = RecipeSource
    with pytest.raises(ImproperlyConfigured, match="NewRecipe is a proxy"):
        related.register(NewRecipe)(source)
