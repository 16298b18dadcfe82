"""In bulk, in the admin: say what, look at the preview, press once, and take all of it back."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.articles.models import Article
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.enums import BulkState, Mark
from related.models import BulkOperation, Decision, DecisionLog, Document
from tests.related.clicks import page_of
from tests.related.desk_documents import (
    make_article,
    make_document,
    make_slot,
    make_target,
    suggest,
)
from tests.related.editors import make_staff
from tests.related.marks import mark
from tests.services.brokers import Broker

pytestmark = pytest.mark.django_db
BULK = "/admin/related/review/bulk/"


@pytest.fixture
def documents(anna: User) -> list[Document]:
    made = [make_document(make_article(f"=Story {n}", days_ago=n + 1)) for n in range(2)]
    for document in made:
        suggest(document, make_target(f"Older than {document.pk}"))
    return made


def ask(client: Client, query: str = "", **sent: Any) -> str:
    """Fill in a form; returns the address of the preview."""
    answer = client.post(f"{BULK}{query}", sent)
    assert answer.status_code == 302
    return str(answer["Location"])


def press(client: Client, address: str, action: str) -> str:
    answer = client.post(address, {"action": action})
    assert answer.status_code == 302
    return str(answer["Location"])


def latest() -> BulkOperation:
    return BulkOperation.objects.latest("created_at")


def test_from_the_queue_to_a_preview_and_back(client: Client, documents: list[Document]) -> None:
    queue = client.get(reverse("admin:related_review_queue"), {"section": "harbor"})
    assert f'href="{BULK}?section=harbor"' in queue.text
    page = client.get(BULK, {"section": "harbor"})
    assert "Section: Harbor" in page.text

    preview = ask(client, "?section=harbor", what="approve", chance="0.5")

    page = client.get(preview)
    assert "2 links would change, on 2 articles." in page.text
    assert "=Story 0" in page.text
    assert "Section: Harbor" in page.text
    assert not Decision.objects.exists()

    # Without JavaScript: each look at the page changes some, where there is no worker.
    progress = client.get(press(client, preview, "start"))
    assert (
        '<noscript><meta http-equiv="refresh" content="1; url=?go=1"></noscript>' in progress.text
    )
    assert "Finished." in client.get(preview, {"go": "1"}).text
    assert Decision.objects.approved().count() == 2

    undo = press(client, preview, "undo")
    assert "2 links changed." in client.get(undo, {"go": "1"}).text
    assert not Decision.objects.approved().exists()
    assert "Taken back by anna" in client.get(preview).text
    latest_ones = client.get(BULK).text
    assert "Take back: Approve what is proposed (strong)" in latest_ones


def test_a_preview_says_what_is_on_sensitive_articles(
    client: Client, anna: User, documents: list[Document]
) -> None:
    for document, message in zip(
        documents,
        ("1 more is left out: its article is sensitive", "all of it is on sensitive articles"),
        strict=True,
    ):
        mark(Article.objects.get(pk=document.object_id), Mark.SENSITIVE, anna)
        assert message in client.get(ask(client, what="approve", chance="0.5")).text


def test_htmx_asks_for_the_bar_alone(client: Client, documents: list[Document]) -> None:
    preview = ask(client, what="approve", chance="0.5")
    press(client, preview, "start")
    BulkOperation.objects.update(n_links=10_000, state=BulkState.STOPPED)
    BulkOperation.objects.update(state=BulkState.RUNNING)
    bar = client.get(preview, headers={"HX-Request": "true"})
    assert "<html" not in bar.text
    assert 'max="10000"' in bar.text
    assert 'hx-get="?go=1"' in bar.text
    assert "hx-get" not in client.get(preview, {"still": "1"}).text

    ended = client.get(preview, {"go": "1"}, headers={"HX-Request": "true"})
    assert ended["HX-Refresh"] == "true"


def test_with_a_broker_a_worker_does_it_while_it_lives(
    client: Client,
    documents: list[Document],
    memory_broker: Broker,
    django_capture_on_commit_callbacks: Any,
) -> None:
    preview = ask(client, what="approve", chance="0.5")
    with django_capture_on_commit_callbacks(execute=True):
        press(client, preview, "start")
    (sent,) = memory_broker.received()
    assert sent.task == "related.tasks.work_in_bulk"
    assert "0 of 2 links are dealt with." in client.get(preview, {"go": "1"}).text

    BulkOperation.objects.update(progressed_at=timezone.now() - timedelta(hours=1))
    assert "Finished." in client.get(preview, {"go": "1"}).text


def test_one_target_from_its_card_to_its_rejection(
    client: Client, documents: list[Document]
) -> None:
    target = make_target("Withdrawn report")
    for document in documents:
        suggest(document, target)
    desk = client.get(page_of(documents[0]))
    address = f"{BULK}?target={target.label.replace(':', '%3A')}"
    assert f'href="{address}"' in desk.text
    assert "Withdrawn report" in client.get(address).text
    found = client.get(BULK, {"q": "withdrawn report"})
    assert f"target={target.label.replace(':', '%3A')}" in found.text

    preview = ask(client, what="reject", target=target.label)
    press(client, preview, "start")
    client.get(preview, {"go": "1"})

    rejected = Decision.objects.rejected()
    assert {(d.document, d.target) for d in rejected} == {(d, target) for d in documents}


def test_what_an_editor_did_is_put_back(
    client: Client, documents: list[Document], ben: User
) -> None:
    place = LinkRef(documents[0], make_slot(), make_target("By ben"))
    reviewing.approve(place, user=ben, version=0)
    now = timezone.localtime()
    sent = {"since": now - timedelta(hours=1), "until": now + timedelta(hours=1)}
    sent = {name: at.strftime("%Y-%m-%dT%H:%M") for name, at in sent.items()}

    preview = ask(client, what="editor", editor=ben.pk, do="revert", **sent)
    page = client.get(preview).text
    assert "Put back what stood before ben decided" in page
    assert "Headings, summaries, sensitivity" in page
    press(client, preview, "start")
    client.get(preview, {"go": "1"})

    assert Decision.objects.get(target=place.target).verdict == "open"
    later = {"since": sent["until"], "until": sent["since"]}
    refused = client.post(BULK, {"what": "editor", "editor": ben.pk, "do": "revert", **later})
    assert refused.status_code == 422
    assert "This is before the time in" in refused.text


def test_all_links_as_a_table(client: Client, documents: list[Document]) -> None:
    ask(client, what="approve", chance="0.5")
    answer = client.get(reverse("admin:related_bulk_links", args=[latest().pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    header, *lines = csv.reader(text.splitlines())
    assert header[:2] == ["article", "title"]
    assert [line[1] for line in lines] == ["'=Story 0", "'=Story 1"]  # no formula
    assert lines[0][6:] == ["", "approved"]


def test_who_may(client: Client, documents: list[Document], ben: User) -> None:
    preview = ask(client, what="approve", chance="0.5")
    looker = make_staff("looker", "view_suggestion")
    for user, status in ((ben, 403), (looker, 403)):
        client.force_login(user)
        assert client.get(preview).status_code == 200
        assert client.post(preview, {"action": "start"}).status_code == status
    assert client.get(BULK).status_code == 403
    assert client.post(BULK, {"what": "approve", "chance": "0.5"}).status_code == 403
    client.force_login(make_staff("nobody"))
    assert client.get(preview).status_code == 403
    assert client.get(f"{preview}links.csv").status_code == 403
    assert latest().state == BulkState.PREVIEWED


def test_nothing_to_change_is_said(client: Client, anna: User) -> None:
    address = ask(client, what="approve", chance="0.5")
    assert "There is nothing to change" in client.get(address).text
    assert client.post(BULK, {"what": "approve", "chance": "7"}).status_code == 422
    assert client.post(BULK, {"what": "reject", "target": "x"}).status_code == 422
    assert client.get(f"{BULK}00000000-0000-0000-0000-000000000000/").status_code == 404


def test_the_log_shows_one_line_for_all_of_it(
    client: Client, anna: User, documents: list[Document]
) -> None:
    anna.user_permissions.add(Permission.objects.get(codename="view_decisionlog"))
    preview = ask(client, what="approve", chance="0.5")
    press(client, preview, "start")
    client.get(preview, {"go": "1"})
    log = reverse("admin:related_decisionlog_changelist")

    folded = client.get(log)
    assert len(folded.context["cl"].result_list) == 1
    operation = latest().pk
    assert f'href="?operation={operation}">2 in this operation' in folded.text
    assert len(client.get(log, {"operation": operation}).context["cl"].result_list) == 2
    found = client.get(log, {"q": documents[1].object_id})
    assert DecisionLog.objects.get(document=documents[1]) in found.context["cl"].result_list


def test_undo_at_the_desk_leads_to_the_operation(
    client: Client, anna: User, documents: list[Document]
) -> None:
    preview = ask(client, what="approve", chance="0.5")
    press(client, preview, "start")
    client.get(preview, {"go": "1"})
    desk = client.get(page_of(documents[1]))
    assert f'href="{preview}" data-key="u"' in desk.text
    sent = {"action": "undo", "operation": str(latest().pk)}
    client.post(page_of(documents[1]), sent)
    assert Decision.objects.approved().count() == 2


@pytest.mark.parametrize("n", [1, 3])
def test_a_preview_takes_the_same_queries_at_any_number(
    n: int, client: Client, anna: User, django_assert_num_queries: Any
) -> None:
    for number in range(n):
        document = make_document(make_article(f"Story {number}"))
        suggest(document, make_target(f"Old {number}"))
    preview = ask(client, what="approve", chance="0.5")
    client.get(preview)
    with django_assert_num_queries(14):
        client.get(preview)
