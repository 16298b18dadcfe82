"""The buttons of the review page: what each does, and what is refused."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsroom.articles.models import Article
from related.domain.decisions import reviewing
from related.domain.decisions.bulk import approve_placed
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, DecisionLog, Document, SlotHeading, Summary
from tests.related.admin.desk_client import page_of, press, seen
from tests.related.admin.desk_factories import (
    make_article,
    make_document,
    make_editor,
    make_slot,
    make_target,
    suggest,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(client: Client) -> User:
    editor = make_editor()
    client.force_login(editor)
    return editor


@pytest.fixture
def document() -> Document:
    return make_document(make_article("Ferry delayed"))


@pytest.fixture
def target(document: Document) -> Document:
    target = make_target("Ferry repaired")
    suggest(document, target, similarity=0.42)
    return target


def test_approve(client: Client, anna: User, document: Document, target: Document) -> None:
    message = press(client, document, "approve", **seen(target))

    assert message == "Approved “Ferry repaired” for “Related stories”."
    assert Decision.objects.get().verdict == Verdict.APPROVED
    html = client.get(page_of(document)).content.decode()
    assert "Approved by anna" in html


def test_reject_with_a_note_and_reopen(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    message = press(client, document, "reject", note="another ferry", **seen(target))
    assert message == "Rejected “Ferry repaired”. It will not be offered for this article again."
    assert "another ferry" in client.get(page_of(document)).content.decode()

    assert "may be suggested again" in press(client, document, "reopen", **seen(target, 1))
    assert Decision.objects.get().verdict == Verdict.OPEN


def test_a_rejection_is_reopened_though_its_slot_is_no_longer_used(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    reviewing.reject(LinkRef(document, make_slot(), target), user=anna, version=0)
    make_slot("related", is_active=False)

    press(client, document, "reopen", **seen(target, 1))
    assert Decision.objects.get().verdict == Verdict.OPEN

    assert "no longer in use" in press(client, document, "approve", **seen(target, 2))


def test_pin_and_unpin(client: Client, anna: User, document: Document, target: Document) -> None:
    assert "Pinned" in press(client, document, "pin", **seen(target))
    assert Decision.objects.get().is_pinned

    assert "no longer pinned" in press(client, document, "unpin", **seen(target, 1))
    assert not Decision.objects.get().is_pinned


def test_order(client: Client, anna: User, document: Document) -> None:
    first, second = make_target("First"), make_target("Second")
    for row in (first, second):
        reviewing.approve(LinkRef(document, make_slot(), row), user=anna, version=0)

    def order() -> list[int]:
        return list(Decision.objects.in_order().values_list("target", flat=True))

    assert press(client, document, "up", **seen(second, 1)) == "Moved “Second” up."
    assert order() == [second.pk, first.pk]
    version = Decision.objects.get(target=second).version
    assert press(client, document, "down", **seen(second, version)) == "Moved “Second” down."
    assert order() == [first.pk, second.pk]


def test_approve_selected_and_undo(client: Client, anna: User, document: Document) -> None:
    targets = [make_target(title) for title in ("First", "Second", "Third")]
    selected = [f"{row.label}@0" for row in targets[:2]]

    message = press(client, document, "approve_selected", selected=selected)
    assert message == "Approved 2 links for “Related stories”."
    assert set(Decision.objects.approved().values_list("target", flat=True)) == {
        row.pk for row in targets[:2]
    }

    (operation,) = set(DecisionLog.objects.values_list("operation", flat=True))
    assert press(client, document, "undo", operation=operation) == "Undone."
    assert not Decision.objects.approved().exists()
    assert press(client, document, "undo", operation=operation).startswith("Not undone")


def test_undo_on_one_article_leaves_the_others_of_a_bulk_approval(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    other = make_document(make_article("Harbor closed"))
    suggest(other, target)
    operation = uuid4()
    approve_placed([document, other], user=anna, operation=operation)
    assert Decision.objects.approved().count() == 2
    assert "Your last step: approved “Ferry repaired” in" in (
        client.get(page_of(document)).content.decode()
    )

    assert press(client, document, "undo", operation=operation) == "Undone."

    assert Decision.objects.approved().get().document == other


@pytest.mark.parametrize(
    ("selected", "message"),
    [
        ([], "Nothing was selected"),
        (["itself@x"], "Enter a whole number"),
        (["nonsense"], "cannot be decided"),
        (["newsroom.article:1@0"] * 101, "More than 100"),
    ],
)
def test_a_selection_that_makes_no_sense(
    client: Client, anna: User, document: Document, selected: list[str], message: str
) -> None:
    selected = [item.replace("itself", document.label) for item in selected]

    assert message in press(client, document, "approve_selected", selected=selected)


def test_replace(client: Client, anna: User, document: Document, target: Document) -> None:
    make_slot("related", count=1)
    better = make_target("Ferry sunk")
    suggest(document, better, similarity=0.6)
    reviewing.approve(LinkRef(document, make_slot(), target), user=anna, version=0)
    html = client.get(page_of(document)).content.decode()
    assert "better match, +0.18" in html

    fields = {"old": target.label, "old_version": 1}
    message = press(client, document, "replace", **seen(better), **fields)

    assert message.endswith("in place of “Ferry repaired”.")
    assert Decision.objects.approved().get().target == better


def test_search_and_add(client: Client, anna: User, document: Document) -> None:
    found = make_target("Harbor regatta")
    address = f"{page_of(document)}?slot=inline&q=regatta"
    assert "Harbor regatta" in client.get(address).content.decode()

    fields = {"action": "approve", "slot": "inline", "q": "regatta", **seen(found)}
    response = client.post(page_of(document), fields)

    assert response["Location"] == f"{address}#slot-inline"
    assert Decision.objects.get().slot == make_slot("inline")
    assert "already approved here" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "slot=inline&q=",
        "slot=nowhere&q=x",
        "q=x",
        "slot=inline&q=%00",
        f"slot=inline&q={'x' * 300}",
    ],
)
def test_a_search_that_makes_no_sense_finds_nothing(
    client: Client, anna: User, document: Document, query: str
) -> None:
    response = client.get(f"{page_of(document)}?{query}")

    assert response.status_code == 200
    assert response.context["found"] == []


def test_heading(client: Client, anna: User, document: Document) -> None:
    message = press(client, document, "heading", heading="More on the ferry")
    assert message == "The heading is now “More on the ferry”."
    assert SlotHeading.objects.get().changed_by == anna

    assert "“Related stories”" in press(client, document, "heading", heading="")
    assert not SlotHeading.objects.exists()


def body_on_the_desk(client: Client, document: Document) -> str:
    """What the summary's form sends back about the body that was on the page."""
    html = client.get(page_of(document)).content.decode()
    (found,) = re.findall(r'<input type="hidden" name="body" value="(\w+)">', html)
    return str(found)


def test_summary(client: Client, anna: User, document: Document) -> None:
    body = body_on_the_desk(client, document)
    message = press(client, document, "publish_summary", text="In short.", version=0, body=body)
    assert "shows on the page" in message
    assert Summary.objects.get().text == "In short."

    assert "taken down" in press(client, document, "remove_summary", version=1)
    assert Summary.objects.get().text == ""


@pytest.mark.parametrize("text", ["Mine.", ""])
def test_a_summary_that_is_refused_keeps_what_was_written(
    client: Client, anna: User, document: Document, text: str
) -> None:
    body = body_on_the_desk(client, document)
    press(client, document, "publish_summary", text="Theirs.", version=0, body=body)

    fields = {"action": "publish_summary", "text": text, "version": 0, "body": body}
    response = client.post(page_of(document), fields)

    assert response.status_code == 409
    assert response.context["summary_text"] == text
    html = response.content.decode()
    assert "Not saved" in html
    assert "Theirs." in html


def test_a_summary_is_not_approved_for_a_body_that_the_editor_never_saw(
    client: Client, anna: User, document: Document
) -> None:
    fields = {"action": "publish_summary", "text": "Mine.", "version": 0}
    fields["body"] = body_on_the_desk(client, document)
    Article.objects.update(body="Correction: the ferry left on time.")

    response = client.post(page_of(document), fields)

    assert response.status_code == 409
    assert response.context["summary_text"] == "Mine."
    assert "text of the article changed" in response.content.decode()
    assert "Correction: the ferry left on time." in response.content.decode()  # the new draft
    assert not Summary.objects.exists()

    fields["body"] = response.context["desk"].summary.body_hash
    assert "shows on the page" in press(client, document, **fields)


def test_a_summary_without_the_body_it_is_for_is_refused(
    client: Client, anna: User, document: Document
) -> None:
    fields = {"action": "publish_summary", "text": "Mine.", "version": 0}
    response = client.post(page_of(document), fields)

    assert response.status_code == 409
    assert response.context["summary_text"] == "Mine."
    assert "out of date" in response.content.decode()


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
