"""The buttons of the review page: what each does, and what is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from django.contrib.auth.models import User
from django.test import Client

from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, Document, SlotHeading, Summary
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


def test_agree_and_undo(client: Client, anna: User, document: Document) -> None:
    following = make_document(make_article("Older story", days_ago=5))
    targets = [make_target(title) for title in ("First", "Second", "Third")]
    for row in targets:
        suggest(document, row)
    suggest(following, targets[0])
    desk = client.get(page_of(document)).context["desk"]
    sent = {
        "action": "agree",
        "links": [link.fields for link in desk.proposed],
        "with_summary": "1",
        "text": "In short.",
        "summary_version": 0,
        "body": desk.summary.body_hash,
    }

    response = client.post(page_of(document), sent)

    assert response["Location"] == page_of(following)
    page = client.get(response["Location"])
    message = list(page.context["messages"])[-1]
    assert str(message) == "“Ferry delayed” is done: 3 links and the summary approved."
    assert Decision.objects.approved().count() == 3
    assert Summary.objects.get().text == "In short."

    operation = page.context["desk"].undoable.operation
    back = client.post(page_of(following), {"action": "undo", "operation": operation})
    assert back["Location"] == page_of(document)
    client.get(page_of(document))
    assert not Decision.objects.approved().exists()
    assert Summary.objects.get().text == ""
    assert press(client, document, "undo", operation=operation).startswith("Not undone")


def test_agreeing_to_what_changed_meanwhile_saves_nothing(
    client: Client, anna: User, ben: User, document: Document, target: Document
) -> None:
    other = make_target("Another")
    suggest(document, other)
    links = [link.fields for link in client.get(page_of(document)).context["desk"].proposed]
    reviewing.reject(LinkRef(document, make_slot(), other), user=ben, version=0)

    response = client.post(page_of(document), {"action": "agree", "links": links})

    assert response.status_code == 409
    assert "ben changed this link first" in response.content.decode()
    assert not Decision.objects.approved().exists()


def test_done_leads_to_the_next_article_of_the_filter(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    for title, section in (("Other section", None), ("Same section", "harbor")):
        following = make_document(make_article(title, days_ago=5), section=section or "")
        suggest(following, target)
    query = "?section=harbor"

    response = client.post(f"{page_of(document)}{query}", {"action": "done"})
    assert response["Location"] == f"{page_of(following)}{query}"
    response = client.post(f"{page_of(following)}{query}", {"action": "done"})
    assert response["Location"] == f"/admin/related/review/{query}"


def test_not_here_swap_and_place(client: Client, anna: User, document: Document) -> None:
    first, second, third = (make_target(title) for title in ("First", "Second", "Third"))
    for row in (first, second, third):
        suggest(document, row)
    assert "kept out of" in press(client, document, "not_here", **seen(first))
    fields = {"reserve": third.label, "reserve_version": 0}
    assert "Approved “Third”" in press(client, document, "swap", **seen(second), **fields)
    verdicts = dict(Decision.objects.values_list("target", "verdict"))
    assert verdicts == {
        first.pk: Verdict.NOT_HERE,
        second.pk: Verdict.NOT_HERE,
        third.pk: Verdict.APPROVED,
    }
    message = press(client, document, "place", **seen(first, 1), place=1)
    assert message == "“First” is number 1 of “Related stories”."
    approved = Decision.objects.approved().in_order().values_list("target", flat=True)
    assert list(approved) == [first.pk, third.pk]
    operation = client.get(page_of(document)).context["desk"].undoable.operation
    said = press(client, document, "undo", operation=operation)
    assert said == "Undone: approved “First”, moved “Third”."
    assert list(Decision.objects.approved().values_list("target", flat=True)) == [third.pk]


def test_single_keys_are_switched_off_for_one_editor(
    client: Client, anna: User, document: Document
) -> None:
    assert client.get(page_of(document)).context["has_keys"]
    assert press(client, document, "keys") == "Single keys are off."
    assert not client.get(page_of(document)).context["has_keys"]
    assert press(client, document, "keys", on="1") == "Single keys are on."


def test_replace(client: Client, anna: User, document: Document) -> None:
    make_slot("related", count=1)
    old, better = make_target("Ferry repaired"), make_target("Ferry sunk")
    suggest(document, old, similarity=0.15)
    reviewing.approve(LinkRef(document, make_slot(), old), user=anna, version=0)
    suggest(document, better, similarity=0.5)
    html = client.get(page_of(document)).content.decode()
    assert "strong (0.94) against fair (0.39)" in html
    assert "better match than “Ferry repaired”, +0.55" in html

    fields = {"old": old.label, "old_version": 1}
    message = press(client, document, "replace", **seen(better), **fields)

    assert message.endswith("in place of “Ferry repaired”.")
    assert Decision.objects.approved().get().target == better


def test_keep(client: Client, anna: User, document: Document) -> None:
    make_slot("related", count=1)
    old, better = make_target("Ferry repaired"), make_target("Ferry sunk")
    suggest(document, old, similarity=0.15)
    reviewing.approve(LinkRef(document, make_slot(), old), user=anna, version=0)
    suggest(document, better, similarity=0.5)
    link = client.get(page_of(document)).context["desk"].slots
    [keeping] = [each.keeping for slot in link for each in slot.approved]

    message = press(client, document, "keep", **dict(parse_qsl(keeping)))

    assert message == "Kept “Ferry repaired”. “Ferry sunk” is not set against it again."
    page = client.get(page_of(document))
    assert "against fair" not in page.content.decode()
    assert page.context["desk"].undoable.description == (
        "kept a link against a better match of “Related stories”"
    )
    refused = press(client, document, "keep", **seen(old, 7), rival=better.label)
    assert refused.startswith("Not saved: you already changed this link")


def test_search_and_add(client: Client, anna: User, document: Document) -> None:
    found = make_target("Harbor regatta")
    address = f"{page_of(document)}?to=inline&q=regatta"
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
