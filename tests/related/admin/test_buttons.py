"""The buttons of the review page: what each does, and what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from related.domain.decisions import reviewing
from related.domain.decisions.bulk import approve_placed
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, DecisionLog, Document, SlotHeading
from tests.related.clicks import page_of, press, seen
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)

pytestmark = pytest.mark.django_db


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


def test_heading(client: Client, anna: User, document: Document) -> None:
    message = press(client, document, "heading", heading="More on the ferry")
    assert message == "The heading is now “More on the ferry”."
    assert SlotHeading.objects.get().changed_by == anna

    assert "“Related stories”" in press(client, document, "heading", heading="")
    assert not SlotHeading.objects.exists()
