"""Clicks and searches that make no sense, or come too late: refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.models import Decision, Document
from tests.related.clicks import page_of, press, seen
from tests.related.desk_documents import (
    make_slot,
)
from tests.related.editors import make_editor

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("slot=related&target=itself&version=x", "Enter a whole number"),
        ("nonsense", "out of date"),
        ("slot=nowhere&target=itself&version=0", "out of date"),
        ("slot=related&target=itself&version=0", "cannot link to itself"),
    ],
)
def test_a_proposal_that_makes_no_sense(
    client: Client, anna: User, document: Document, link: str, message: str
) -> None:
    sent = {"action": "agree", "links": [link.replace("itself", document.label)]}
    response = client.post(page_of(document), sent)
    assert response.status_code == 409
    assert message in response.content.decode()


def test_a_proposal_has_an_end(client: Client, anna: User, document: Document) -> None:
    response = client.post(page_of(document), {"action": "agree", "links": ["slot=related"] * 101})
    assert "More than 100" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "to=inline&q=",
        "to=nowhere&q=x",
        "q=x",
        "to=inline&q=%00",
        f"to=inline&q={'x' * 300}",
    ],
)
def test_a_search_that_makes_no_sense_finds_nothing(
    client: Client, anna: User, document: Document, query: str
) -> None:
    response = client.get(f"{page_of(document)}?{query}")

    assert response.status_code == 200
    assert response.context["found"] == []


def test_the_second_editor_is_told_and_sees_the_present_state(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    ben = make_editor("ben")
    reviewing.reject(LinkRef(document, make_slot(), target), user=ben, version=0)

    message = press(client, document, "approve", **seen(target))

    assert message.startswith("Not saved: ben changed this link first (now rejected).")
    assert "Rejected by ben" in client.get(page_of(document)).content.decode()


def test_an_article_cannot_be_linked_to_itself(
    client: Client, anna: User, document: Document
) -> None:
    assert "cannot link to itself" in press(client, document, "approve", **seen(document))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"action": "explode"}, "no known action"),
        ({"action": "approve"}, "This field is required"),
        ({"action": "approve", "target": "itself"}, "out of date"),
        ({"action": "approve", "target": "itself", "version": "x"}, "out of date"),
        ({"action": "approve", "target": "itself", "version": 10**20}, "out of date"),
        ({"action": "approve", "target": "itself", "version": 2**31 - 1}, "out of date"),
        ({"action": "pin", "target": "itself", "version": 2**31 - 2}, "cannot link to itself"),
        ({"action": "approve", "target": "newsroom.article:999999", "version": 0}, "not known"),
        ({"action": "approve", "target": "newsroom.article:1\x00", "version": 0}, "Null char"),
        ({"action": "approve", "target": f"newsroom.article:{10**30}", "version": 0}, "not known"),
        ({"action": "approve", "target": "auth.user:1", "version": 0}, "not registered"),
        ({"action": "approve", "target": "nonsense", "version": 0}, "not of the form"),
        ({"action": "approve", "slot": "nowhere", "version": 0}, "no longer in use"),
        ({"action": "undo", "operation": "x"}, "UUID"),
        ({"action": "heading", "heading": "x" * 121}, "at most 120"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(
    client: Client, anna: User, document: Document, fields: dict[str, Any], message: str
) -> None:
    if fields.get("target") == "itself":
        fields = fields | {"target": document.label}
    assert message in press(client, document, **fields)
    assert not Decision.objects.exists()
