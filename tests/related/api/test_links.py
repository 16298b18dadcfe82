"""The public API: its answers, what it hides, and what it does with nonsense."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from newsroom.articles import publishing
from newsroom.articles.models import Status
from related.domain.documents.reading import body_hash
from related.enums import Verdict
from related.models import Document, Summary
from related.similarity.strength import SHIPPED
from tests.related.api.addresses import LINKS, address_of
from tests.related.stored_articles import approve, decide, make_article, row_of, suggest

pytestmark = pytest.mark.django_db


def test_the_answer_is_exactly_as_promised(client: Client) -> None:
    moment = timezone.now().replace(microsecond=0) - timedelta(days=1)
    article = make_article("A", section="")
    target = make_article("B", at=moment, image_url="https://img.example/b.jpg")
    approve(article, "related", target, reasons=["bridge"])
    response = client.get(address_of(article))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    empty = {"previous": "Previous Article", "next": "Next Article"}
    slots = response.json()["slots"]
    assert list(slots) == ["previous", "next", "inline", "related", "section"]
    assert {key: slots[key]["heading"] for key in empty} == empty
    assert response.json() | {"slots": slots["related"]} == {
        "document": {
            "type": "newsroom.article",
            "id": str(article.pk),
            "title": "A",
            "url": article.get_absolute_url(),
        },
        "slots": {
            "heading": "Related stories",
            "items": [
                {
                    "type": "newsroom.article",
                    "id": str(target.pk),
                    "title": "B",
                    "url": target.get_absolute_url(),
                    "excerpt": "In short: B.",
                    "image_url": "https://img.example/b.jpg",
                    "section": "City",
                    "published_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "similarity": 0.5,
                    "strength": round(SHIPPED.chance(0.5), 4),
                    "source": "approved",
                    "reasons": ["bridge"],
                }
            ],
        },
        "summary": None,
        "newer_version": None,
    }


def test_an_article_that_no_worker_has_seen_has_empty_slots(client: Client) -> None:
    article = make_article()
    Document.objects.all().delete()
    slots = client.get(address_of(article)).json()["slots"]
    assert [slot["items"] for slot in slots.values()] == [[]] * 5


def test_the_approved_summary_is_in_the_answer(client: Client) -> None:
    article = make_article()
    text_hash = body_hash(row_of(article).source, article)
    Summary.objects.create(document=row_of(article), text="In short.", text_hash=text_hash)
    assert client.get(address_of(article)).json()["summary"] == "In short."


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN, Status.SCHEDULED])
def test_hidden_and_missing_are_answered_byte_for_byte_alike(
    client: Client, status: Status
) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    hidden = make_article("Secret", status=status, at=tomorrow)
    approve(hidden, "related", make_article("B"))
    answers = [
        client.get(f"{LINKS}newsroom.article/{key}/")
        for key in (hidden.pk, hidden.pk + 1000, "no-number", 10**30)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    names = set(answers[0].headers) - {"X-Request-ID"}
    assert len({tuple(answer[name] for name in names) for answer in answers}) == 1
    assert {frozenset(answer.headers) for answer in answers} == {frozenset(answers[0].headers)}
    assert "ETag" not in answers[0]

    for query in ({"id": f"newsroom.article:{hidden.pk}"}, {"url": hidden.get_absolute_url()}):
        assert client.get(LINKS, query).json() == {"results": [{"asked": query, "found": False}]}


def test_hidden_targets_leave_no_trace(client: Client) -> None:
    article, target = make_article("A"), make_article("B", section="")
    before = client.get(address_of(article))
    approve(article, "related", target)
    assert client.get(address_of(article))["ETag"] != before["ETag"]
    publishing.withdraw(target)
    after = client.get(address_of(article))
    assert after.content == before.content
    assert after["ETag"] == before["ETag"]


def test_rejected_and_waiting_suggestions_stay_inside(client: Client) -> None:
    article = make_article("A", section="")
    suggest(article, "related", make_article("B", section=""))
    decide(article, "related", make_article("C", section=""), Verdict.REJECTED)
    assert client.get(address_of(article)).json()["slots"]["related"]["items"] == []


def test_a_cache_may_keep_an_answer_for_a_minute_in_all(client: Client) -> None:
    article = make_article()
    for address in (address_of(article), f"{LINKS}newsroom.article/999999/"):
        response = client.get(address)
        assert response["Cache-Control"] == "public, max-age=30, stale-while-revalidate=30"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Vary"] == "Accept-Encoding"
        assert not response.cookies


def test_the_cache_setting_is_read_live(client: Client, settings: Settings) -> None:
    settings.RELATED = {"CACHE_SECONDS": 5}
    response = client.get(address_of(make_article()))
    assert response["Cache-Control"] == "public, max-age=5, stale-while-revalidate=5"


def test_an_unchanged_answer_is_304_until_it_changes(client: Client) -> None:
    article, target = make_article("A"), make_article("B")
    etag = client.get(address_of(article))["ETag"]
    assert etag.startswith('"')
    unchanged = client.get(address_of(article), headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["Access-Control-Allow-Origin"] == "*"
    assert unchanged["Cache-Control"] == "public, max-age=30, stale-while-revalidate=30"
    approve(article, "related", target)
    changed = client.get(address_of(article), headers={"If-None-Match": etag})
    assert changed.status_code == 200


def test_head_has_the_headers_of_get(client: Client) -> None:
    address = address_of(make_article())
    assert client.head(address)["ETag"] == client.get(address)["ETag"]


def test_nobody_is_known_so_a_session_changes_nothing(
    client: Client, admin_user: User, settings: Settings
) -> None:
    article = make_article("A", section="")
    suggest(article, "related", make_article("B", section=""))
    anonymous = client.get(address_of(article)).content
    client.force_login(admin_user)
    assert client.get(address_of(article)).content == anonymous
