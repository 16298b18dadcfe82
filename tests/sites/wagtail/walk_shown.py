"""Where links are shown in Wagtail: templates, its API, its admin; and what reading them asks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.checks import run_checks
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.admin.models import Admin
from wagtail.models import Page

from tests.sites.wagtail.models import EventPage, NewsPage
from tests.sites.wagtail.steps import BODY, LINKS, add, approve, label, process, render

pytestmark = pytest.mark.django_db


def test_the_tags_take_a_page_of_the_base_class(bridge: NewsPage, reopened: NewsPage) -> None:
    approve()
    base = Page.objects.get(pk=reopened.pk)
    assert type(base) is Page
    assert render(base) == render(reopened)
    assert "Harbor bridge closes" in render(base)


@pytest.mark.parametrize("n_pages", [1, 3])
def test_a_list_of_wagtails_api_asks_as_often_for_three_as_for_one(
    city: Page, bridge: NewsPage, reopened: NewsPage, n_pages: int
) -> None:
    for number in range(n_pages - 1):
        add(city, f"Harbor bridge, part {number}", f"{BODY} Part {number} of the piers.")
    approve()

    def list_pages(fields: str) -> tuple[list[Any], int]:
        asked = {"type": "wagtail.NewsPage", "fields": fields, "limit": n_pages}
        with CaptureQueriesContext(connection) as queries:
            items = Client().get(address, asked).json()["items"]
        return items, len(queries)

    address = "/api/v2/pages/"
    list_pages("related_links")
    items, n_queries = list_pages("related_links")
    assert len(items) == n_pages
    assert all(item["related_links"]["related"]["heading"] for item in items)
    assert n_queries - list_pages("title")[1] == 3
    one = Client().get(f"{address}{reopened.pk}/").json()
    links = [link["title"] for slot in one["related_links"].values() for link in slot["items"]]
    assert "Harbor bridge closes" in links


def test_the_menu_and_the_panel_lead_to_the_desk(bridge: NewsPage, reopened: NewsPage) -> None:
    process()
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    page = client.get("/admin/").content.decode()
    assert "Related articles (2)" in page
    assert "/django-admin/related/review/" in page
    editor = client.get(f"/admin/pages/{reopened.pk}/edit/").content.decode()
    review = f"/django-admin/related/review/wagtail.newspage/{reopened.pk}/"
    assert review in editor
    assert re.search(r"Harbor bridge closes</a>\s*<span[^>]*>suggested<", editor)
    assert client.get(review).status_code == 200
    kind = ContentType.objects.get_for_model(Admin)
    access, _ = Permission.objects.get_or_create(content_type=kind, codename="access_admin")
    writer = User.objects.create_user("ben", is_staff=True)
    writer.user_permissions.add(access)
    client.force_login(writer)
    assert "Related articles (" not in client.get("/admin/").content.decode()


def test_check_says_where_the_desk_is_missing() -> None:
    with override_settings(ROOT_URLCONF="wagtail.admin.urls"):
        assert [message.id for message in run_checks(tags=["related"])] == ["related.W201"]


@pytest.mark.parametrize("n_pages", [1, 3])
def test_pages_are_read_with_as_many_queries_for_three_as_for_one(
    city: Page, bridge: NewsPage, reopened: NewsPage, n_pages: int
) -> None:
    add(city, "Harbor bridge is old", "The piers of the harbor bridge are from 1911.")
    city.add_child(instance=EventPage(title="Walk", about="<p>Trams, piers, a harbor bridge.</p>"))
    approve()
    ids = [label(page) for page in NewsPage.objects.order_by("-pk")[:n_pages]]
    Client().get(LINKS, {"id": ids})
    with CaptureQueriesContext(connection) as queries:
        results = Client().get(LINKS, {"id": ids}).json()["results"]
    assert len(results) == n_pages
    assert len(queries) == 3  # what is stored, and the pages of each type
