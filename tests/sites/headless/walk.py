"""Another system pushes its pages: they are compared, approved and served like any others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from related import registry
from related.contrib.headless.keys import hash_key, make_key
from related.contrib.headless.models import ApiKey, Page
from related.contrib.headless.payload import MAX_BODY, MAX_TEXT
from related.enums import Priority
from related.models import Document
from tests.sites.pages.models import Story

pytestmark = pytest.mark.django_db
DOCUMENTS = "/api/v1/documents/"
PAGES = f"{DOCUMENTS}headless.page/"
LINKS = "/api/v1/links/"
BRIDGE = {
    "title": "Harbor bridge closes",
    "text": "<p>Cracks in two piers of the harbor bridge stop all trams.</p>",
    "url": "https://news.example/bridge",
    "language": "en",
    "section": "city",
    "published_at": "2026-03-02T06:00:00Z",
    "excerpt": "Trams stop.",
    "image_url": "/images/bridge.jpg",
}
Push = Callable[..., Any]


@pytest.fixture
def key() -> str:
    return make_key("the shop", ["headless.page", "pages.story"], None)[1]


@pytest.fixture
def push(client: Client, key: str) -> Push:
    """``push("put", address, body)`` with the key."""

    def send(method: str, address: str, body: Any = None, key: str = key) -> HttpResponse:
        content = body if isinstance(body, bytes) else json.dumps(body)
        headers = {"Authorization": f"Bearer {key}"}
        call = getattr(client, method)
        answer: HttpResponse = call(
            address, content, content_type="application/json", headers=headers
        )
        return answer

    return send


def results(answer: Any) -> list[str]:
    return [each["result"] for each in answer.json()["results"]]


def waiting() -> set[str]:
    return {document.label for document in Document.objects.waiting()}


def test_pushed_pages_get_links(client: Client, push: Push) -> None:
    assert run_checks(tags=["related"]) == []
    answer = push("put", f"{PAGES}a1/", BRIDGE)
    assert (answer.status_code, answer.json()) == (
        201,
        {"type": "headless.page", "id": "a1", "result": "created"},
    )
    again = {**BRIDGE, "title": "Harbor bridge opens", "url": "https://news.example/opens"}
    push("put", f"{PAGES}a2/", {**again, "published_at": "2026-03-03T06:00:00Z"})
    push("put", f"{PAGES}a3/", {"title": "School choir", "url": "/choir", "language": "en"})
    call_command("process_related")
    User.objects.create_user("anna", is_staff=True)
    call_command("approve_suggestions", user="anna", minimum_similarity=0, stdout=StringIO())
    page = client.get(f"{LINKS}headless.page/a1/").json()
    assert page["document"]["url"] == "https://news.example/bridge"
    linked = {item["id"] for slot in page["slots"].values() for item in slot["items"]}
    assert "a2" in linked
    [found] = client.get(LINKS, {"url": "https://news.example/bridge"}).json()["results"]
    assert found["document"]["id"] == "a1"

    assert push("delete", f"{PAGES}a2/").status_code == 204
    page = client.get(f"{LINKS}headless.page/a1/").json()  # at once, no worker has run
    assert "a2" not in {item["id"] for slot in page["slots"].values() for item in slot["items"]}


def test_the_same_push_again_changes_nothing(push: Push) -> None:
    push("put", f"{PAGES}a1/", BRIDGE)
    call_command("process_related")
    before = Page.objects.get().pushed_at
    for address in (f"{PAGES}a1/", f"{PAGES}a1"):
        assert push("put", address, BRIDGE).json()["result"] == "unchanged"
    assert (waiting(), Page.objects.get().pushed_at) == (set(), before)
    assert push("put", f"{PAGES}a1/", {**BRIDGE, "title": "B"}).json()["result"] == "updated"
    assert waiting() == {"headless.page:a1"}
    for _ in range(2):
        assert push("delete", f"{PAGES}a1/").status_code == 204
    assert not Page.objects.exists()


def test_a_push_replaces_the_whole(push: Push) -> None:
    push("put", f"{PAGES}a1/", BRIDGE)
    push("put", f"{PAGES}a1/", {"title": "Only this", "url": "/a"})
    page = Page.objects.get()
    assert (page.text, page.section, page.published_at, page.excerpt) == ("", "", None, "")


@pytest.mark.parametrize(
    ("fields", "is_public"),
    [
        ({}, True),
        ({"published_at": None}, True),
        ({"status": "draft"}, False),
        ({"status": "withdrawn"}, False),
        ({"published_at": (datetime.now(UTC) + timedelta(days=1)).isoformat()}, False),
    ],
)
def test_what_is_not_out_is_not_there(
    client: Client, push: Push, fields: dict[str, Any], *, is_public: bool
) -> None:
    push("put", f"{PAGES}a1/", {**BRIDGE, **fields})
    status = client.get(f"{LINKS}headless.page/a1/").status_code
    assert status == (200 if is_public else 404)


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": ["a"]}, "title"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "news.example/a"}, "url"),
        ({"image_url": "data:image/png;base64,"}, "image_url"),
        ({"language": "english please"}, "language"),
        ({"published_at": "yesterday"}, "published_at"),
        ({"published_at": "9999999999999"}, "published_at"),
        ({"status": "deleted"}, "status"),
        ({"text": "x" * (MAX_TEXT + 1)}, "text"),
    ],
)
def test_what_is_refused_is_named(push: Push, fields: dict[str, Any], refused: str) -> None:
    answer = push("put", f"{PAGES}a1/", {**BRIDGE, **fields})
    assert (answer.status_code, list(answer.json())) == (400, [refused])
    assert not Page.objects.exists()


@pytest.mark.parametrize("id_", ["a b", "%00", "x" * 201, "é", "%F0%9F%98%80"])
def test_ids_that_are_none(push: Push, id_: str) -> None:
    assert push("put", f"{PAGES}{id_}/", BRIDGE).status_code == 400


def test_unstorable_characters_are_left_out(push: Push) -> None:
    push("put", f"{PAGES}a1/", {**BRIDGE, "title": "a\x00b", "text": "c\ud800d"})
    page = Page.objects.get()
    assert (page.title, page.text) == ("ab", "cd")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b"\xff\xfe", 400),
        (b" " * (MAX_BODY + 1), 413),
    ],
    ids=["half", "list", "text", "deep", "no utf-8", "large"],
)
def test_bodies_that_are_no_document(push: Push, body: bytes, status: int) -> None:
    assert push("put", f"{PAGES}a1/", body).status_code == status
    assert push("post", DOCUMENTS, body).status_code == status


def test_a_batch_takes_what_is_fine(push: Push) -> None:
    push("put", f"{PAGES}old/", BRIDGE)
    push("put", f"{PAGES}same/", BRIDGE)
    page = {"type": "headless.page"}
    answer = push(
        "post",
        DOCUMENTS,
        {
            "documents": [
                {**page, "id": "new", **BRIDGE},
                {**page, "id": "same", **BRIDGE},
                {**page, "id": "bad", **BRIDGE, "url": ""},
                {**page, "id": "old", "delete": True},
                {**page, "id": "never", "delete": True},
                {"type": "auth.user", "id": "1"},
                {"type": "pages.story", "id": "77"},
                7,
            ]
        },
    )
    assert answer.status_code == 200
    assert results(answer) == [
        *("created", "unchanged", "refused", "deleted", "unchanged"),
        *("refused", "refused", "refused"),
    ]
    assert list(answer.json()["results"][2]["errors"]) == ["url"]
    assert set(Page.objects.values_list("pk", flat=True)) == {"new", "same"}


def test_a_batch_has_an_end(push: Push) -> None:
    document = {"type": "headless.page", "title": "A", "url": "/a"}
    many = [{**document, "id": str(number)} for number in range(501)]
    assert push("post", DOCUMENTS, {"documents": many}).status_code == 400
    assert push("post", DOCUMENTS, {"documents": []}).status_code == 400
    assert set(results(push("post", DOCUMENTS, {"documents": many[:500]}))) == {"created"}
    assert Document.objects.waiting().filter(priority=Priority.BULK).count() == 500
    with CaptureQueriesContext(connection) as queries:
        push("post", DOCUMENTS, {"documents": many[:500]})
    assert len(queries) < 500 * 4  # a savepoint and a look each


def test_a_model_of_the_site_only_where_the_site_allows_it(client: Client, push: Push) -> None:
    story = Story.objects.create(slug="a", title="A", body="Words.")
    call_command("process_related")
    address = f"{DOCUMENTS}pages.story/{story.pk}/"
    assert push("put", address, {}).status_code == 403
    source = registry.source_for(Story)
    source.accepts_pushes = True
    try:
        Story.objects.filter(pk=story.pk).update(body="Other words.")
        assert push("put", address, {"title": "ignored"}).json()["result"] == "marked"
        assert waiting() == {f"pages.story:{story.pk}"}
        story.refresh_from_db()
        assert story.title == "A"
        assert push("put", f"{DOCUMENTS}pages.story/999/", {}).status_code == 404
        assert push("delete", address).status_code == 202
        assert Story.objects.exists()  # its rows are the site's own
    finally:
        del source.accepts_pushes
    assert client.get(f"{LINKS}pages.story/{story.pk}/").status_code == 200


def test_who_gets_in(client: Client, push: Push, key: str, admin_client: Client) -> None:
    address = f"{PAGES}a1/"
    assert client.put(address, "{}", content_type="application/json").status_code == 401
    assert admin_client.put(address, "{}", content_type="application/json").status_code == 401
    for wrong in ("", "rk_wrong", key[:-1], key.upper(), "\u00e9"):
        answer = push("put", address, BRIDGE, key=wrong)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    narrow = make_key("another", ["pages.story"], None)[1]
    assert push("put", address, BRIDGE, key=narrow).status_code == 403
    assert push("put", f"{DOCUMENTS}auth.user/1/", {}).status_code == 403
    assert push("put", f"{DOCUMENTS}no.such/1/", {}).status_code == 403
    assert not Page.objects.exists()


def test_a_key_is_made_shown_once_and_revoked_in_the_admin(
    client: Client, push: Push, admin_client: Client
) -> None:
    keys = "/admin/headless/apikey/"
    form = {"name": "our shop", "types": ["headless.page"]}
    page = admin_client.post(f"{keys}add/", form, follow=True).content.decode()
    [text] = re.findall(r"rk_[\w-]{43}", page)
    row = ApiKey.objects.get(name="our shop")
    assert (row.hash, row.types, row.used_at) == (hash_key(text), ["headless.page"], None)
    assert str(row.created_by) == "admin"
    assert ApiKey.objects.filter(name="our shop").count() == 1
    for shown in (keys, f"{keys}{row.pk}/change/"):
        assert text not in admin_client.get(shown).content.decode()
    stored = {
        value for fields in ApiKey.objects.values() for value in fields.values() if value.__hash__
    }
    assert text not in stored

    assert push("put", f"{PAGES}a1/", BRIDGE, key=text).status_code == 201
    row.refresh_from_db()
    assert row.used_at is not None
    action = {"action": "revoke_keys", "_selected_action": [row.pk]}
    assert admin_client.post(keys, action, follow=True).status_code == 200
    assert push("put", f"{PAGES}a1/", BRIDGE, key=text).status_code == 401
    bad = admin_client.post(f"{keys}add/", {"name": "x", "types": ["auth.user"]})
    assert "auth.user is not one of the available choices" in bad.content.decode()
    assert admin_client.get("/admin/headless/page/").status_code == 200
