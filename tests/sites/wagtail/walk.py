"""What editors do with pages in Wagtail, and what becomes of their links, step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, PageViewRestriction, Site

from related.contrib.wagtail.sources import PageSource
from related.domain.documents.addresses import links_to
from related.models import Document
from related.registry import source_for
from tests.sites.wagtail.models import EventPage, HomePage, NewsPage
from tests.sites.wagtail.steps import (
    BODY,
    LINKS,
    add,
    approve,
    found_at,
    label,
    linked,
    process,
    render,
    waiting,
)

pytestmark = pytest.mark.django_db


def test_pages_get_links_with_all_that_wagtail_knows_of_them(
    bridge: NewsPage, reopened: NewsPage
) -> None:
    assert run_checks(tags=["related"]) == []
    call_command("check", stderr=StringIO())
    assert waiting() >= {label(bridge), label(reopened)}
    approve()
    answer = Client().get(f"{LINKS}wagtail.newspage/{reopened.pk}/").json()
    [item] = answer["slots"]["related"]["items"] or answer["slots"]["previous"]["items"]
    assert item["title"] == "Harbor bridge closes"
    assert item["url"] == "/city/harbor-bridge-closes/"
    assert (item["excerpt"], item["section"]) == ("Trams stop.", "The City")
    assert parse_datetime(item["published_at"]) == bridge.first_published_at
    row = Document.objects.get(object_id=str(bridge.pk))
    assert (row.language, row.section, row.url_path) == ("en", "city", "/city/harbor-bridge-closes")


def test_the_text_is_that_of_the_fields_for_readers(city: Page, bridge: NewsPage) -> None:
    body = [
        ("heading", "Tides & trams"),
        ("paragraph", f'<p>See <a linktype="page" id="{bridge.pk}">this</a>.</p>'),
        ("box", {"facts": ["Two piers", "Nine trams"]}),
    ]
    fields = {"intro": "In short", "internal_note": "Call the mayor"}
    page = city.add_child(instance=NewsPage(title="Tides", body=body, **fields))
    text = source_for(NewsPage).text(NewsPage.objects.get(pk=page.pk))
    for said in ("<p>In short</p>", "<p>Tides &amp; trams</p>", "See <a", "<p>Nine trams</p>"):
        assert said in text
    assert "mayor" not in text
    fields = {"collection_id": 1, "width": 1, "height": 1}
    page.image = get_image_model()(file="original_images/tides.png", **fields)
    assert source_for(NewsPage).image_url(page) == "/media/original_images/tides.png"
    event = city.add_child(instance=EventPage(title="Walk", about="<p>Over the bridge.</p>"))
    assert source_for(EventPage).text(event) == "<p>Over the bridge.</p>"


@pytest.mark.parametrize("how", ["rich text", "chooser"])
def test_a_page_that_the_text_links_to_is_known_whatever_its_address(
    city: Page, bridge: NewsPage, how: str
) -> None:
    link = f'<p>{BODY} <a linktype="page" id="{bridge.pk}">before</a></p>'
    body = [("paragraph", link if how == "rich text" else BODY)]
    body += [("see", bridge)] if how == "chooser" else []
    page = city.add_child(instance=NewsPage(title="Harbor bridge again", body=body))
    page = NewsPage.objects.get(pk=page.pk)
    text = source_for(NewsPage).text(page)
    process()
    row, target = (Document.objects.get(object_id=str(each.pk)) for each in (page, bridge))
    assert links_to(bytes(row.linked_keys), bytes(target.address_keys))
    city.slug = "town"
    city.save()
    assert source_for(NewsPage).text(NewsPage.objects.get(pk=page.pk)) == text


def test_unpublished_and_published_again(bridge: NewsPage, reopened: NewsPage) -> None:
    approve()
    assert "Harbor bridge closes" in linked(reopened)
    bridge.unpublish()
    assert "Harbor bridge closes" not in linked(reopened)  # at once, no worker has run
    assert label(bridge) in waiting()
    process()
    assert not Document.objects.indexed().filter(object_id=str(bridge.pk)).exists()
    bridge.save_revision().publish()
    process()
    assert "Harbor bridge closes" in linked(reopened)


def test_drafts_and_what_is_scheduled(city: Page) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    draft = add(city, "Draft", live=False, go_live_at=tomorrow)
    source = source_for(NewsPage)
    assert not source.queryset().exists()  # nobody has approved the date
    draft.save_revision().publish()
    draft.refresh_from_db()
    assert [page.pk for page in source.queryset()] == [draft.pk]
    assert source.published_at(draft) == tomorrow
    assert not source.public().exists()
    process()
    revision = draft.scheduled_revision
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    assert waiting() == {label(draft)}
    assert not source.queryset().exists()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    content = {**revision.content, "go_live_at": None}
    type(revision).objects.filter(pk=revision.pk).update(
        approved_go_live_at=revision.approved_go_live_at, content=content
    )
    call_command("publish_scheduled", stdout=StringIO())
    assert [page.pk for page in source.public()] == [draft.pk]


def rename(city: Page) -> None:
    city.slug = "town"
    city.save()


def move(city: Page) -> None:
    other = city.get_parent().add_child(instance=HomePage(title="Region", slug="region"))
    city.move(other, pos="last-child")


@pytest.mark.parametrize(
    ("change", "path", "section"),
    [(rename, "/town/", "town"), (move, "/region/city/", "region/city")],
)
def test_the_pages_below_a_page_that_is_renamed_or_moved(
    city: Page, bridge: NewsPage, change: Callable[[Page], None], path: str, section: str
) -> None:
    process()
    city.refresh_from_db()
    with transaction.atomic():
        change(city)
        assert waiting() == {label(bridge)}  # the mark is part of the transaction that moves
        transaction.set_rollback(True)
    assert waiting() == set()
    city = HomePage.objects.get(pk=city.pk)
    change(city)
    process()
    assert found_at(f"{path}harbor-bridge-closes/") == [str(bridge.pk)]
    assert found_at("/city/harbor-bridge-closes/") == [str(bridge.pk)]  # its former one
    assert Document.objects.get(object_id=str(bridge.pk)).section == section


def test_a_save_that_changes_no_address_marks_nothing_below(city: Page, bridge: NewsPage) -> None:
    process()
    city = HomePage.objects.get(pk=city.pk)
    city.title = "Town"
    city.save()
    assert waiting() == set()


def test_view_restrictions_of_a_page_above(
    city: Page, bridge: NewsPage, reopened: NewsPage
) -> None:
    approve()
    restriction = PageViewRestriction.objects.create(page=city, restriction_type="login")
    assert waiting() >= {label(bridge), label(reopened)}
    assert Client().get(f"{LINKS}wagtail.newspage/{bridge.pk}/").status_code == 404
    process()
    assert not Document.objects.indexed().exists()
    restriction.delete()
    assert waiting() >= {label(bridge), label(reopened)}
    assert Client().get(f"{LINKS}wagtail.newspage/{bridge.pk}/").status_code == 200


def test_what_is_below_an_alias_is_restricted_as_its_original(home: Page, city: Page) -> None:
    alias = city.create_alias(parent=home, update_slug="mirror")
    page = add(alias, "Below an alias")
    assert list(source_for(NewsPage).public()) == [page]
    PageViewRestriction.objects.create(page=city, restriction_type="login")
    assert page.get_view_restrictions().exists()
    assert not source_for(NewsPage).public().exists()


def test_an_alias_is_another_address_of_its_original(
    home: Page, bridge: NewsPage, reopened: NewsPage
) -> None:
    approve()
    alias = reopened.create_alias(parent=home, update_slug="bridge")
    assert label(reopened) in waiting()
    process()
    assert Document.objects.indexed().count() == 3
    assert found_at("/bridge/") == [str(reopened.pk)]
    assert "Harbor bridge closes" in render(alias)
    assert "Harbor bridge closes" in render(Page.objects.get(pk=alias.pk))


def test_copied_deleted_and_outside_of_all_sites(city: Page, bridge: NewsPage) -> None:
    process()
    bridge = NewsPage.objects.get(pk=bridge.pk)
    copied = bridge.copy(update_attrs={"title": "Copy", "slug": "copy"})
    assert waiting() == {label(copied)}
    outside = add(Page.objects.get(depth=1), "Outside")
    assert outside not in source_for(NewsPage).queryset()
    assert set(source_for(NewsPage).public()) == {bridge, copied}
    HomePage.objects.get(pk=city.pk).delete()
    process()
    assert not Document.objects.indexed().exists()
    assert Client().get(f"{LINKS}wagtail.newspage/{bridge.pk}/").status_code == 404


def test_translations_are_compared_among_themselves(
    home: Page, city: Page, bridge: NewsPage
) -> None:
    german = Locale.objects.create(language_code="de")
    home.copy_for_translation(german)
    city.refresh_from_db()
    city.copy_for_translation(german).specific.save_revision().publish()
    page = bridge.copy_for_translation(german)
    page.save_revision().publish()
    page = NewsPage.objects.get(pk=page.pk)
    process()
    row = Document.objects.get(object_id=str(page.pk))
    assert (row.language, row.is_indexed) == ("de", True)
    assert row.url_path == "/de/city/harbor-bridge-closes"
    german.language_code = "en-gb"
    with override_settings(WAGTAIL_CONTENT_LANGUAGES=[("en", "English"), ("en-gb", "British")]):
        german.save()
    assert waiting() == {label(page)}


def test_a_site_that_gets_another_root(home: Page, city: Page, bridge: NewsPage) -> None:
    process()
    site = Site.objects.get()
    site.root_page = city
    site.save()
    assert waiting() == {label(bridge)}
    process()
    assert found_at("/harbor-bridge-closes/") == [str(bridge.pk)]


def test_a_section_may_stand_higher_than_the_parent(city: Page) -> None:
    class Sections(PageSource):
        section_depth = 3

    harbor = city.add_child(instance=HomePage(title="Harbor", slug="harbor"))
    key = add(harbor, "Cranes").pk
    for source, section in (
        (source_for(NewsPage), ("city/harbor", "Harbor")),
        (Sections(NewsPage), ("city", "The City")),
    ):
        for page in (source.public().get(pk=key), NewsPage.objects.get(pk=key)):
            assert (source.section(page), source.section_name(page)) == section


def test_two_sites_have_whole_addresses(home: Page, city: Page, bridge: NewsPage) -> None:
    second = Page.objects.get(depth=1).add_child(instance=HomePage(title="Sports", slug="sports"))
    Site.objects.create(hostname="sports.example", root_page=second)
    process()
    match = add(second, "Derby tonight", "Two clubs of one town.")
    public = {page.pk: page for page in source_for(NewsPage).public()}
    url = source_for(NewsPage).url
    assert url(public[bridge.pk]) == "http://localhost/city/harbor-bridge-closes/"
    with CaptureQueriesContext(connection) as queries:
        assert url(public[match.pk]) == "http://sports.example/derby-tonight/"
        assert source_for(NewsPage).section(public[match.pk]) == ""
    assert len(queries) == 0
