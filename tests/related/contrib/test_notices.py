"""Caches and other systems are told what changed: which documents, and in which words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from newsroom.articles.models import Article, Status
from related.contrib.notices.models import HiddenDocument, Notice
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.transactions import announce_everything
from related.management.beside import sweep
from related.models import Document, Slot
from related.signals import documents_changed
from tests.related.contrib import receiving
from tests.related.contrib.receiving import SECRET, told
from tests.related.stored_articles import approve, make_article, row_of

pytestmark = pytest.mark.django_db

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "caching.md"
[VERIFY] = re.findall(r"## Verify.*?```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)


def key_of(article: Article) -> str:
    return f"newsroom.article:{article.pk}"


def link_of(article: Article, target: Article) -> LinkRef:
    return LinkRef(row_of(article), Slot.objects.get(key="related"), row_of(target))


def test_a_decision_is_told_once_however_often_it_changed(
    hook: receiving.Receiver, anna: User
) -> None:
    article, target = make_article("A"), make_article("B")
    told(hook)
    link = link_of(article, target)
    for version, verdict in enumerate((reviewing.approve, reviewing.reject) * 2):
        verdict(link, user=anna, version=version)
    [message] = told(hook)
    assert message.path == "/hook"
    assert message.json["type"] == "pages.changed"
    assert message.json["data"] == {
        "everything": False,
        "documents": [
            {
                "type": "newsroom.article",
                "id": str(article.pk),
                "url": article.get_absolute_url(),
                "public": True,
                "changed": ["links"],
            }
        ],
    }
    assert told(hook) == []


def test_the_snippet_of_the_guide_verifies_it(hook: receiving.Receiver) -> None:
    make_article("A")
    [message] = told(hook)
    names: dict[str, Any] = {}
    exec(VERIFY, names)
    is_genuine: Callable[..., bool] = names["is_genuine"]
    assert is_genuine(SECRET, message.headers, message.body)
    assert not is_genuine(SECRET, message.headers, message.body + b" ")
    assert not is_genuine("whsec_" + "b3RoZXIh" * 6, message.headers, message.body)
    late = {**message.headers, "webhook-timestamp": str(int(timezone.now().timestamp()) - 301)}
    assert not is_genuine(SECRET, late, message.body)


def test_while_a_secret_is_replaced_both_are_good(
    hook: receiving.Receiver, settings: Settings
) -> None:
    old = "whsec_" + "b2xkIHNlY3JldCE" * 4
    options = settings.RELATED["NOTICES"]["hook"]
    settings.RELATED = {"NOTICES": {"hook": {**options, "secret": [old, SECRET]}}}
    make_article("A")
    [message] = told(hook)
    names: dict[str, Any] = {}
    exec(VERIFY, names)
    assert names["is_genuine"](old, message.headers, message.body)
    assert names["is_genuine"](SECRET, message.headers, message.body)


def test_a_cache_forgets_what_was_withdrawn_and_who_links_to_what_comes_back(
    fastly: receiving.Receiver,
) -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    sweep()
    [first, *_] = fastly.take()
    assert first.path == "/service/S1/purge"
    assert (first.headers["fastly-key"], first.headers["fastly-soft-purge"]) == ("t", "1")
    target.status = Status.WITHDRAWN
    target.save()
    sweep()
    assert key_of(target) in fastly.purged()
    target.status = Status.PUBLISHED
    target.save()
    sweep()
    assert fastly.purged() == {key_of(target), key_of(article)}
    target.title = "B, changed"  # its own key is in all answers that show it
    target.save()
    sweep()
    assert fastly.purged() == {key_of(target)}
    row = row_of(target)
    target.delete()
    sweep()
    assert row.label in fastly.purged()


def test_a_date_that_comes_is_told_with_the_pages_that_link_to_it(
    fastly: receiving.Receiver,
) -> None:
    article, target = make_article("A"), make_article("B")
    approve(article, "related", target)
    sweep()
    fastly.take()
    came = timezone.now() - timedelta(seconds=1.5)
    told_at = came - timedelta(seconds=1)
    row = row_of(target)
    HiddenDocument.objects.create(receiver="fastly", document=row, told_at=told_at)
    Document.objects.filter(pk=row.pk).update(published_at=came)
    sweep()
    assert fastly.purged() == {key_of(target), key_of(article)}
    sweep()
    assert fastly.take() == []


def test_a_slot_that_changed_purges_the_key_of_all_answers(
    fastly: receiving.Receiver, client: Client
) -> None:
    article = make_article("A")
    sweep()
    fastly.take()
    answer = client.get(f"/api/v1/links/newsroom.article/{article.pk}/")
    assert answer["Surrogate-Key"].split() == ["related", key_of(article)]
    with transaction.atomic():
        announce_everything()
    sweep()
    assert fastly.purged() == {"related"}


def test_cloudflare_is_told_thirty_tags_at_a_time(
    receiver: receiving.Receiver, settings: Settings
) -> None:
    options = {"kind": "cloudflare", "zone": "Z1", "token": "t", "url": f"{receiver.url}/v4"}
    settings.RELATED = {"NOTICES": {"edge": options}}
    articles = [make_article(f"A{n}") for n in range(31)]
    sweep()
    first, second = receiver.take()
    assert first.path == "/v4/zones/Z1/purge_cache"
    assert first.headers["authorization"] == "Bearer t"
    assert [len(each.json["tags"]) for each in (first, second)] == [30, 1]
    assert {*first.json["tags"], *second.json["tags"]} == {key_of(each) for each in articles}


def test_very_many_changes_make_a_cache_forget_everything(
    fastly: receiving.Receiver,
) -> None:
    row = row_of(make_article("A"))
    Notice.objects.bulk_create(
        Notice(receiver="fastly", document=row, what=Notice.What.LINKS) for _ in range(5001)
    )
    sweep()
    [message] = fastly.take()
    assert message.json["surrogate_keys"] == ["related"]
    assert not Notice.objects.exists()


def test_what_is_hidden_has_no_address_and_is_told_once(hook: receiving.Receiver) -> None:
    article = make_article("A", status="draft")
    [message] = told(hook)
    one = message.documents[str(article.pk)]
    assert (one["public"], one["url"]) == (False, "")
    article.save()
    assert told(hook) == []
    article.status = Status.PUBLISHED
    article.save()
    [message] = told(hook)
    assert message.documents[str(article.pk)]["public"]
    article.status = Status.WITHDRAWN
    article.save()
    [message] = told(hook)
    assert not message.documents[str(article.pk)]["public"]
    for status in (Status.PUBLISHED, Status.WITHDRAWN):  # a cache may have seen it
        article.status = status
        article.save()
    assert len(told(hook)) == 1


def test_what_was_scheduled_before_is_told_when_its_date_comes(
    receiver: receiving.Receiver, settings: Settings
) -> None:
    article = make_article("A", published_at=timezone.now() + timedelta(days=1))
    Document.objects.filter(pk=row_of(article).pk).update(published_at=article.published_at)
    options = {"kind": "fastly", "service": "S1", "token": "t", "url": receiver.url}
    settings.RELATED = {"NOTICES": {"new": options}}
    sweep()
    assert HiddenDocument.objects.filter(document=row_of(article)).exists()
    assert receiver.take() == []


@pytest.mark.parametrize("n", [1, 3])
def test_noting_is_one_query_for_each_receiver(
    hook: receiving.Receiver, django_assert_num_queries: Callable[..., Any], n: int
) -> None:
    keys = [row_of(make_article(f"A{i}")).pk for i in range(n)]
    with django_assert_num_queries(1):
        documents_changed.send(None, document_ids=keys)


def test_without_receivers_nothing_is_stored_or_asked(settings: Settings) -> None:
    settings.RELATED = {}
    keys = [row_of(make_article("A")).pk]
    with CaptureQueriesContext(connection) as queries:
        documents_changed.send(None, document_ids=keys)
        sweep()
    assert len(queries) == 0
    assert not Notice.objects.exists()
