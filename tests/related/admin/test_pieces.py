"""What htmx is answered: the piece that changed, in place; a page without it, as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsroom.articles.models import Article
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import Verdict
from related.models import Decision, Document, Summary
from tests.related.clicks import page_of, seen
from tests.related.desk_documents import make_slot, make_target, suggest

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def send(client: Client, document: Document, press: str, **fields: Any) -> Any:
    """Press a button as the page's one form sends it."""
    return client.post(page_of(document), {"press": press, **fields}, headers=HTMX)


def test_a_press_is_answered_with_the_proposal(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    [link] = client.get(page_of(document)).context["desk"].proposed

    answer = send(client, document, f"action=approve&{link.fields}", text="half-written")

    html = answer.content.decode()
    assert (answer.status_code, answer["X-Review-Desk"]) == (200, "1")
    assert "Approved “Ferry repaired”" in html
    assert "<html" not in html
    assert 'name="text"' not in html  # what is being typed stays where it is
    assert Decision.objects.get().verdict == Verdict.APPROVED


def test_a_conflict_is_said_in_place(
    client: Client, anna: User, ben: User, document: Document, target: Document
) -> None:
    [link] = client.get(page_of(document)).context["desk"].proposed
    reviewing.reject(LinkRef(document, make_slot(), target), user=ben, version=0)

    answer = send(client, document, f"action=approve&{link.fields}")

    assert answer.status_code == 409
    html = answer.content.decode()
    assert "ben changed this link first" in html
    assert "Rejected by ben" in html


def test_an_approval_without_room_says_so(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    slot = make_slot(count=1)
    reviewing.approve(LinkRef(document, slot, make_target("First")), user=anna, version=0)
    press = f"action=approve&slot=related&target={target.label}&version=0"

    html = send(client, document, press).content.decode()

    assert "Note: not shown: the slot has room for 1." in html


def test_done_leaves_for_the_next_page(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    answer = send(client, document, "action=done")
    assert answer["HX-Redirect"] == "/admin/related/review/"


def test_a_saved_summary_brings_its_new_version(
    client: Client, anna: User, document: Document
) -> None:
    body = client.get(page_of(document)).context["desk"].summary.body_hash
    fields = {"text": "In short.", "summary_version": 0, "body": body}
    answer = send(client, document, "action=publish_summary", **fields)
    html = answer.content.decode()
    assert 'name="summary_version" value="1"' in html
    assert "Save summary" in html
    assert "Take down" in html
    assert "Currently approved" not in html  # it is what the field above says
    assert send(client, document, "action=publish_summary", **fields).status_code == 409


def test_a_heading_is_named_by_its_slot(client: Client, anna: User, document: Document) -> None:
    fields = {"heading-inline": "Other", "heading-related": "More on the ferry"}
    answer = send(client, document, "action=heading&slot=related", **fields)
    assert "The heading is now “More on the ferry”." in answer.content.decode()


def test_search_answers_with_its_results(client: Client, anna: User, document: Document) -> None:
    make_target("Harbor regatta")
    answer = client.get(f"{page_of(document)}?to=inline&q=regatta", headers=HTMX)
    html = answer.content.decode()
    assert "Harbor regatta" in html
    assert "<html" not in html


def test_a_half_written_summary_survives_without_javascript(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    fields = {"action": "approve", "slot": "related", "text": "Half-wri", **seen(target)}
    client.post(page_of(document), fields)
    assert client.get(page_of(document)).context["summary_text"] == "Half-wri"

    body = client.get(page_of(document)).context["desk"].summary.body_hash
    fields = {"action": "publish_summary", "text": "Whole.", "version": 0, "body": body}
    client.post(page_of(document), fields)
    assert Summary.objects.get().text == "Whole."
    assert client.get(page_of(document)).context["summary_text"] == "Whole."


def test_what_was_not_changed_is_no_half_written_summary(
    client: Client, anna: User, document: Document, target: Document
) -> None:
    draft = client.get(page_of(document)).context["summary_text"]
    fields = {"action": "approve", "slot": "related", "text": draft, **seen(target)}
    client.post(page_of(document), fields)
    Article.objects.filter(pk=document.object_id).update(body="A new text about the old bridge.")
    assert "bridge" in client.get(page_of(document)).context["summary_text"]


@pytest.mark.parametrize("n_links", [1, 3])
def test_a_press_costs_the_same_queries_on_any_page(
    client: Client, anna: User, document: Document, n_links: int, django_assert_num_queries: Any
) -> None:
    for number in range(n_links):
        suggest(document, make_target(f"Story {number}"))
        approved = make_target(f"Approved {number}")
        reviewing.approve(LinkRef(document, make_slot(), approved), user=anna, version=0)
    link = client.get(page_of(document)).context["desk"].proposed[0]
    with django_assert_num_queries(64):
        send(client, document, f"action=approve&{link.fields}")
