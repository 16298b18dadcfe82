"""Two hundred texts with scripts in them, in every field, on every page: none of them ever runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils.html import escape
from playwright.sync_api import Browser

from newsroom.articles.models import Article, Section
from related.models import Document, Slot
from tests.related.clicks import page_of
from tests.threats.addresses import addresses
from tests.threats.browsing import open_frames, what_runs
from tests.threats.payloads import N_PAYLOADS
from tests.threats.poison import PAYLOADS, PER_FIELD, poison_all, texts
from tests.threats.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root", password="a long password"))
    return client


@pytest.fixture
def what_runs_on(browser: Browser) -> Iterator[Callable[[list[str]], list[str]]]:
    with open_frames(browser) as page:
        yield lambda pages: what_runs(page, pages)


def html_of(response: HttpResponse) -> str:
    """The page, which may be one of those that say that nothing is here."""
    assert response.status_code in {200, 400, 403, 404, 405}, response.status_code
    if response.streaming:  # a static file, which is closed by reading it
        b"".join(response.streaming_content)
        return ""
    return str(response.content.decode()) if "html" in response["Content-Type"] else ""


@pytest.fixture
def poisoned(db: None) -> list[Document]:
    return poison_all()


def test_the_detector_sees_what_runs(what_runs_on: Callable[[list[str]], list[str]]) -> None:
    """Most of the texts run where nothing is escaped, in one place or another; else this is no
    test. What stays silent are those for scripts, templates and other browsers."""
    assert len(set(PAYLOADS)) == N_PAYLOADS
    places = ('<p>{0}</p><a href="{0}">x</a>', "<a href='{0}'>x</a><textarea>{0}</textarea>")
    found = what_runs_on([place.format(text) for text in PAYLOADS for place in places])
    heard = {int(number) for what in found for number in re.findall(r"hit\((\d+)", what)}
    assert len(heard) >= 160, [text for n, text in enumerate(PAYLOADS) if n not in heard]


def test_the_detector_is_silent_about_what_is_escaped(
    what_runs_on: Callable[[list[str]], list[str]],
) -> None:
    assert (
        what_runs_on([f'<p title="{escape(text)}">{escape(text)}</p>' for text in PAYLOADS]) == []
    )


def test_pages_of_the_public(
    poisoned: list[Document], what_runs_on: Callable[[list[str]], list[str]]
) -> None:
    client = Client()
    articles = list(Article.objects.all())
    pages = [html_of(client.get(address)) for address in ("/", "/sections/s0/", "/sections/s7/")]
    pages += [html_of(client.get(article.get_absolute_url())) for article in articles]
    assert sum("hit(" in page for page in pages) >= len(articles)  # the texts are there
    for address in PAYLOADS:  # as image and as origin of an article, one by one
        Article.objects.filter(pk=articles[0].pk).update(image_url=address, origin_url=address)
        pages.append(html_of(client.get(articles[0].get_absolute_url())))
    assert what_runs_on(pages) == []
    feed = client.get("/feed/")
    assert feed["Content-Type"].startswith("application/rss+xml")
    assert b"<script" not in feed.content


def test_pages_of_editors(
    admin: Client, poisoned: list[Document], what_runs_on: Callable[[list[str]], list[str]]
) -> None:
    of_articles = [
        address
        for document in poisoned
        for address in (
            page_of(document),
            f"/admin/newsroom/article/{document.object_id}/change/",
            f"/admin/newsroom/article/{document.object_id}/history/",
            f"/articles/{slug_of(document)}/?preview=1",
        )
    ]
    pages = [html_of(admin.get(address)) for address in of_articles]
    lists = ["newsroom/article", "newsroom/section", "newsroom/tag", "auth/user", "auth/group"]
    lists += [f"related/{x}" for x in ("document", "decision", "decisionlog", "rebuildrun", "slot")]
    pages += [html_of(admin.get(f"/admin/{name}/")) for name in lists]
    pages += [
        html_of(admin.get(address))
        for address in (
            *("/admin/", "/admin/related/", "/admin/related/document/dashboard/"),
            *("/admin/related/review/?state=all", "/admin/related/review/?state=failed"),
        )
    ]
    assert all("hit(" in page for page in pages[: len(of_articles)])
    assert what_runs_on(pages) == []


def test_every_address_of_the_site(
    what_runs_on: Callable[[list[str]], list[str]],
) -> None:
    """As an administrator who may open everything; rows named by the texts are on most pages."""
    world = World()
    poison_all()
    client = world.client("admin")
    for name in ("newsroom/section", "newsroom/tag"):
        row = world.rows[name]
        type(row).objects.filter(pk=row.pk).update(name=f"new {texts(8)}")
    Slot.objects.update(heading=texts(9))
    Article.objects.update(title=texts(10))
    pages = [
        html_of(client.get(at.url, follow=True)) for at in addresses(world) if "out" not in at.url
    ]
    assert sum("hit(" in page for page in pages) >= 40
    assert what_runs_on(pages) == []


@pytest.mark.parametrize(
    "address",
    [
        "/articles/{path}/",
        "/sections/{path}/",
        "/{path}",
        "/sections/s0/?page={query}",
        "/admin/newsroom/article/?q={query}",
        "/admin/newsroom/article/?section__id__exact={query}&o={query}",
        "/admin/related/review/?text={query}&section={query}&language={query}&state={query}",
        "/admin/related/document/?state={query}&section={query}",
        "/admin/login/?next={query}",
        "/api/v1/links/?url={query}",
        "/api/v1/docs/?{query}={query}",
    ],
)
def test_what_an_address_says_comes_back_harmless(
    admin: Client, address: str, what_runs_on: Callable[[list[str]], list[str]]
) -> None:
    Section.objects.create(name="Sport", slug="s0")
    client = Client() if "login" in address else admin
    pages = []
    for turn in range(N_PAYLOADS // PER_FIELD):
        text = quote(texts(turn), safe="")
        filled = address.format(path=text, query=text)
        response = client.get(filled, follow=True)
        if "json" in response["Content-Type"]:
            assert response["X-Content-Type-Options"] == "nosniff"
        pages.append(html_of(response))
    assert what_runs_on(pages) == []


def test_errors_of_the_site_say_nothing_of_the_request(
    client: Client,
) -> None:
    """The page of a 500 is a fixed one."""
    client.raise_request_exception = False

    def fail(*args: Any) -> None:
        raise DatabaseError(texts(0))

    with connection.execute_wrapper(fail):
        response = client.get(f"/?{urlencode({'q': texts(1)})}")
    assert response.status_code == 500
    assert b"hit(" not in response.content
    assert response.content.decode() == render_to_string("500.html")


def slug_of(document: Document) -> str:
    return str(Article.objects.values_list("slug", flat=True).get(pk=document.object_id))
