"""Every role at every address with every method: the answers, and that refusals write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from related.models import Document
from tests.threats.addresses import Address, addresses, patterns
from tests.threats.world import ROLES, World

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("matrix.txt")
REFUSED = {403, 404, 405}
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP", "TRUNCATE")
FRONT = "(front)"  # the empty pattern's name in the table
# What these do goes by the address and not by the role: the least and the most of the accounts ask.
OTHER_METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
ALL_METHODS = {"anonymous", "contributor", "admin"}


def read_table() -> dict[str, dict[str, list[int]]]:
    """Address -> method -> the status for each of ROLES."""
    table = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            get, post, name = line.split("|", 2)
            table[name.strip()] = {
                "GET": [int(status) for status in get.split()],
                "POST": [int(status) for status in post.split()],
            }
    return table


@pytest.fixture
def world() -> World:
    return World()


def body_of(response: Any) -> bytes:
    if response.streaming:
        return b"".join(response.streaming_content)
    return bytes(response.content)


@contextmanager
def rolled_back() -> Iterator[list[str]]:
    """Undo whatever is done inside; yields the statements that wrote."""
    written: list[str] = []

    def note(execute: Any, sql: str, *args: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITING):
            written.append(sql)
        return execute(sql, *args)

    with transaction.atomic():
        with connection.execute_wrapper(note):
            yield written
        transaction.set_rollback(True)


def ask(client: Client, method: str, at: Address) -> Any:
    data = at.form if method == "POST" else {}
    return getattr(client, method.lower())(at.url, data)


def is_refused(response: HttpResponse) -> bool:
    leads_to_login = response.headers.get("Location", "").startswith("/admin/login/")
    return response.status_code in REFUSED or leads_to_login


def test_the_table_has_every_address_and_no_other(world: World) -> None:
    assert set(read_table()) == {each.name or FRONT for each in addresses(world)}
    assert {name.split(" @")[0] for name in read_table()} == {name or FRONT for name in patterns()}


@pytest.mark.slow  # hundreds of pages for each role
@pytest.mark.parametrize("role", ROLES)
def test_every_method_of_every_address(world: World, role: str) -> None:
    table, column = read_table(), ROLES.index(role)
    client = world.client(role)
    wrong = []
    for at in addresses(world):
        expected = {m: statuses[column] for m, statuses in table[at.name or FRONT].items()}
        for method in ("GET", "POST", *(OTHER_METHODS if role in ALL_METHODS else ())):
            with rolled_back() as written:
                response = ask(client, method, at)
            if "logout" in at.name:  # after which the client is nobody any more
                client = world.client(role)
            status = response.status_code
            if method in expected:
                fits = status == expected[method]
            elif method == "HEAD":
                # Django's login sends on only a GET of somebody who is logged in already.
                fits = status in {expected["GET"], 200 if "login" in at.name else None}
                fits &= not body_of(response)
            else:
                # Nothing is done by these. Django answers some of them as it answers a GET.
                fits = status in {expected["GET"], *REFUSED} or (method, status) == ("OPTIONS", 200)
                fits |= (method, status, at.name) == ("PUT", 200, "admin/login/")  # the form
            may_write = method == "POST" and not is_refused(response)
            if not fits or (written and not may_write):
                wrong.append((method, at.name, status, expected, written[:2]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.slow  # as many, read whole
@pytest.mark.parametrize("role", ["anonymous", "contributor", "admin"])
def test_every_page_has_the_policy_and_keeps_it(world: World, role: str) -> None:
    """Not one inline script, handler or style: the policy would block it for the reader."""
    client = world.client(role)
    wrong = []
    n_pages = 0
    for at in addresses(world):
        response = client.get(at.url)
        policy = response.headers.get("Content-Security-Policy", "")
        if "script-src 'self'" not in policy or "unsafe" in policy:
            wrong.append((at.name, policy))
        if "html" in response.headers.get("Content-Type", ""):
            n_pages += 1
            wrong += [(at.name, inline) for inline in inline_code(response.content)]
    assert n_pages > 20
    assert not wrong, "\n".join(map(str, wrong))


def inline_code(html: bytes) -> list[str]:
    """What the policy forbids in a page: code that stands in the page itself."""
    found = []
    for element in LexborHTMLParser(html).css("*"):
        names = element.attributes
        is_code = element.tag == "script" and "src" not in names
        is_data = names.get("type") in {"application/json", "application/ld+json"}
        if element.tag == "style" or (is_code and not is_data):
            found.append(f"<{element.tag}>")
        found += [f"<{element.tag} {n}>" for n in names if n == "style" or n.startswith("on")]
    return found


@pytest.mark.parametrize("role", ["anonymous", "admin"])
def test_no_form_from_elsewhere_is_taken(world: World, role: str) -> None:
    """Without a token: 403, or 405 from the API, which takes no such method from anybody."""
    client = world.client(role, checks_csrf=True)
    wrong = []
    for at in addresses(world):
        expected = 405 if at.name.startswith("api/") else 403
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            if method == "POST" and at.name.startswith("api/v1/clicks"):
                continue  # what readers' browsers count, in nobody's name
            data = at.form if method == "POST" else {}
            with rolled_back() as written:
                response = getattr(client, method.lower())(at.url, data)
            if response.status_code != expected or written:
                wrong.append((method, at.name, response.status_code, written[:2]))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("role", ROLES)
def test_only_their_own_failed_articles_are_tried_again(world: World, role: str) -> None:
    """The health page's button: one document of each section, and all of them at once."""
    Document.objects.update(want_rev=9, done_rev=0, attempts=3, error="broken")
    expected = {
        "section": {"sport"},
        "chief": {"sport", "news"},
        "admin": {"sport", "news"},
    }.get(role, set())
    for wanted in ("each", "all"):
        client = world.client(role)
        with transaction.atomic():
            ids = Document.objects.values_list("pk", flat=True) if wanted == "each" else ["all"]
            for pk in list(ids):
                client.post("/admin/related/document/dashboard/", {"document": str(pk)})
            retried = Document.objects.filter(error="")
            assert set(retried.values_list("section", flat=True)) == expected, wanted
            transaction.set_rollback(True)
