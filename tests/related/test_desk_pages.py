"""The review pages in the admin: every button, every refusal, every address."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

import related
from newsroom.articles.models import Article, Status
from newsroom.articles.related_sources import ArticleSource
from related.domain import reviewing
from related.domain.reviewing import Place
from related.enums import Verdict
from related.models import Decision, DecisionLog, Document, SlotHeading, Summary
from tests.related.desk_factories import (
    make_article,
    make_document,
    make_editor,
    make_slot,
    make_staff,
    make_target,
    suggest,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/related/document/review/"


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


def page_of(document: Document) -> str:
    return reverse("admin:related_document_review", args=[document.type_label, document.object_id])


def press(client: Client, document: Document, action: str, **fields: Any) -> str:
    """Press a button and follow it; returns the message that the editor reads."""
    response = client.post(page_of(document), {"action": action, "slot": "related", **fields})
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert page.status_code == 200
    (message,) = page.context["messages"]
    return str(message)


def seen(target: Document, version: int = 0) -> dict[str, Any]:
    return {"target": target.label, "version": version}


def test_the_page_shows_what_an_editor_needs(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    html = client.get(page_of(document)).content.decode()

    for text in ("Ferry repaired", "similarity 0.42", "ferry", "harbor", "Harbor", "Previous"):
        assert text in html
    assert "?preview=1" in html


def test_titles_are_escaped(client: Client, anna: User, document: Document) -> None:
    suggest(document, make_target("<script>alert(1)</script>"))

    html = client.get(page_of(document)).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_no_inline_script_or_style(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    for address in (page_of(document), QUEUE):
        html = client.get(address).content.decode()
        assert "style=" not in html
        assert "<style" not in html
        assert " onclick" not in html


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
    assert message == "Rejected “Ferry repaired”. It is not offered for this article again."
    assert "another ferry" in client.get(page_of(document)).content.decode()

    assert "may be suggested again" in press(client, document, "reopen", **seen(target, 1))
    assert Decision.objects.get().verdict == Verdict.OPEN


def test_a_rejection_is_reopened_though_its_slot_is_no_longer_used(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    reviewing.reject(Place(document, make_slot(), target), user=anna, version=0)
    make_slot("related", is_active=False)

    press(client, document, "reopen", **seen(target, 1))
    assert Decision.objects.get().verdict == Verdict.OPEN

    assert "not in use" in press(client, document, "approve", **seen(target, 2))


def test_pin_and_unpin(client: Client, anna: User, document: Document, target: Document) -> None:
    assert "Pinned" in press(client, document, "pin", **seen(target))
    assert Decision.objects.get().is_pinned

    assert "no longer pinned" in press(client, document, "unpin", **seen(target, 1))
    assert not Decision.objects.get().is_pinned


def test_order(client: Client, anna: User, document: Document) -> None:
    first, second = make_target("First"), make_target("Second")
    for row in (first, second):
        reviewing.approve(Place(document, make_slot(), row), user=anna, version=0)

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
    reviewing.approve(Place(document, make_slot(), target), user=anna, version=0)
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
    assert "approved here already" in client.get(address).content.decode()


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


def test_summary(client: Client, anna: User, document: Document) -> None:
    message = press(client, document, "publish_summary", text="In short.", version=0)
    assert "shows on the page" in message
    assert Summary.objects.get().text == "In short."

    assert "taken down" in press(client, document, "remove_summary", version=1)
    assert Summary.objects.get().text == ""


@pytest.mark.parametrize("text", ["Mine.", ""])
def test_a_summary_that_is_refused_keeps_what_was_written(
    client: Client, anna: User, document: Document, text: str
) -> None:
    press(client, document, "publish_summary", text="Theirs.", version=0)

    fields = {"action": "publish_summary", "text": text, "version": 0}
    response = client.post(page_of(document), fields)

    assert response.status_code == 409
    assert response.context["summary_text"] == text
    html = response.content.decode()
    assert "Not saved" in html
    assert "Theirs." in html


def test_the_second_editor_is_told_and_sees_the_present_state(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    ben = make_editor("ben")
    reviewing.reject(Place(document, make_slot(), target), user=ben, version=0)

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
        ({"action": "approve", "target": "newsroom.article:999999", "version": 0}, "not known"),
        ({"action": "approve", "target": "newsroom.article:1\x00", "version": 0}, "Null char"),
        ({"action": "approve", "target": f"newsroom.article:{10**30}", "version": 0}, "not known"),
        ({"action": "approve", "target": "auth.user:1", "version": 0}, "not registered"),
        ({"action": "approve", "target": "nonsense", "version": 0}, "not of the form"),
        ({"action": "approve", "slot": "nowhere", "version": 0}, "not in use"),
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


@pytest.mark.parametrize(
    "rest",
    [
        "newsroom.article/999999/",
        f"newsroom.article/{10**30}/",
        "newsroom.article/-1/",
        "newsroom.article/01/",
        "newsroom.article/x/y/",
        f"newsroom.article/{quote('1' + chr(0))}/",
        f"newsroom.article/{'9' * 400}/",
        "auth.user/1/",
        "nothing/1/",
        f"{quote(chr(0))}/1/",
    ],
)
def test_unknown_addresses_are_not_found(client: Client, anna: User, rest: str) -> None:
    assert client.get(f"{QUEUE}{rest}").status_code == 404
    assert client.post(f"{QUEUE}{rest}", {"action": "approve"}).status_code == 404


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_what_is_not_offered_has_no_review_page(
    client: Client, anna: User, document: Document, status: Status
) -> None:
    Article.objects.update(status=status)

    assert client.get(page_of(document)).status_code == 404


def test_an_article_that_was_saved_behind_our_back_gets_its_row(
    client: Client, anna: User, document: Document
) -> None:
    Document.objects.all().delete()

    response = client.get(page_of(document))

    assert "being worked on" in response.content.decode()
    assert Document.objects.get().is_waiting


def test_a_failed_document_says_why(client: Client, anna: User, document: Document) -> None:
    Document.objects.update(want_rev=9, attempts=3, error="ValueError: broken markup")

    html = client.get(page_of(document)).content.decode()

    assert "could not be computed" in html
    assert "ValueError: broken markup" in html


def test_visitors_are_sent_to_the_login(client: Client, document: Document) -> None:
    for address in (QUEUE, page_of(document)):
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302
            assert response["Location"].startswith("/admin/login/")


def test_without_permission_nothing_is_shown(client: Client, document: Document) -> None:
    client.force_login(make_staff("guest", "view_document"))

    for address in (QUEUE, page_of(document), f"{QUEUE}newsroom.article/999/", f"{QUEUE}x/1/"):
        assert client.get(address).status_code == 403
    assert client.post(page_of(document), {"action": "approve"}).status_code == 403


def test_who_may_look_only_sees_no_button(
    client: Client, document: Document, target: Document
) -> None:
    client.force_login(make_staff("guest", "view_suggestion"))

    html = client.get(page_of(document)).content.decode()
    assert "Ferry repaired" in html
    assert "You may look here, but not decide." in html
    assert 'name="action"' not in html

    fields = {"action": "approve", "slot": "related", **seen(target)}
    assert client.post(page_of(document), fields).status_code == 403
    assert not Decision.objects.exists()


def test_the_site_says_who_may_review_what(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    class ForNobody(ArticleSource):
        def may_review(self, user: Any, obj: Any) -> bool:
            return False

    own = related.registry.source_for(Article)
    related.registry.unregister(Article)
    try:
        related.register(Article)(ForNobody)
        fields = {"action": "approve", "slot": "related", **seen(target)}
        assert client.post(page_of(document), fields).status_code == 403
        assert 'name="action"' not in client.get(page_of(document)).content.decode()
    finally:
        related.registry.unregister(Article)
        related.register(Article)(type(own))


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(
    client: Client, anna: User, document: Document, method: str
) -> None:
    for address in (page_of(document), QUEUE):
        assert getattr(client, method)(address).status_code == 405
    assert client.post(QUEUE).status_code == 405


def test_a_form_from_elsewhere_is_refused(anna: User, document: Document) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna)

    assert strict.post(page_of(document), {"action": "approve"}).status_code == 403


@pytest.mark.parametrize("n_suggestions", [1, 3])
def test_the_page_asks_the_same_queries_for_any_number_of_links(
    client: Client,
    anna: User,
    document: Document,
    n_suggestions: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(n_suggestions):
        suggest(document, make_target(f"Story {number}"))
        approved = make_target(f"Approved {number}")
        reviewing.approve(Place(document, make_slot(), approved), user=anna, version=0)
    client.get(page_of(document))

    with django_assert_num_queries(25):
        client.get(page_of(document))


def test_the_queue_lists_and_leads_on(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    older = make_document(make_article("Older story", days_ago=5))
    suggest(older, target)

    html = client.get(QUEUE).content.decode()
    assert html.index(page_of(document)) < html.index(page_of(older))
    assert client.get(page_of(document)).context["next_url"] == page_of(older)

    press(client, document, "approve", **seen(target))
    html = client.get(QUEUE).content.decode()
    assert page_of(document) not in html
    assert page_of(document) in client.get(f"{QUEUE}?state=reviewed").content.decode()


def test_the_queue_turns_pages(
    client: Client, anna: User, target: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("related.admin.queue.PAGE_SIZE", 1)

    first = client.get(f"{QUEUE}?state=all&section=harbor")
    assert first.context["newer_query"] == ""
    second = client.get(f"{QUEUE}?{first.context['older_query']}")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (1, 1)
    assert second.context["older_query"] == ""
    assert "section=harbor" in second.context["newer_query"]


@pytest.mark.parametrize(
    "query", ["page=x", "page=0", f"page={10**20}", "state=x", "q=%00", "section=%00", "page=99999"]
)
def test_the_queue_survives_any_query(client: Client, anna: User, query: str) -> None:
    assert client.get(f"{QUEUE}?{query}").status_code == 200


@pytest.mark.parametrize("n_documents", [1, 3])
def test_the_queue_page_asks_the_same_queries_for_any_number_of_rows(
    client: Client, anna: User, n_documents: int, django_assert_num_queries: Any
) -> None:
    target = make_target("Old news")
    for number in range(n_documents):
        suggest(make_document(make_article(f"Story {number}")), target)
    client.get(QUEUE)

    with django_assert_num_queries(12):
        client.get(QUEUE)


def test_messages_are_read_once(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    press(client, document, "approve", **seen(target))

    assert list(get_messages(client.get(page_of(document)).wsgi_request)) == []
