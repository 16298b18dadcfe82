"""Notices arrive: after the commit, once or again, whatever the receiver does; none is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from newsroom.articles.models import Status
from related.contrib.notices.batches import take_batch
from related.contrib.notices.models import Notice, Receiver
from related.contrib.notices.noting import SEND_NOTICES
from related.contrib.notices.options import find_receiver
from related.contrib.notices.sending import send_notices
from related.domain.reports.health import measure_health
from related.models import Worker
from tests.related.contrib import receiving
from tests.related.contrib.receiving import told
from tests.related.faults import silence
from tests.related.stored_articles import make_article
from tests.services.brokers import Broker

pytestmark = pytest.mark.django_db


def end_pause() -> None:
    Receiver.objects.update(retry_at=None)
    Notice.objects.update(retry_at=None)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_told_before_the_commit_and_nothing_after_a_rollback(
    hook: receiving.Receiver,
) -> None:
    def send() -> None:
        send_notices("hook")
        connection.close()

    with transaction.atomic():
        make_article("A")
        thread = threading.Thread(target=send)
        thread.start()
        thread.join()
        assert hook.take() == []
    assert len(told(hook)) == 1
    with transaction.atomic():
        make_article("B")
        transaction.set_rollback(True)
    assert told(hook) == []


@pytest.mark.parametrize(
    ("answer", "pause"),
    [(500, 2), (503, 2), (401, 2), (302, 2), ((429, {"Retry-After": "40"}), 40), ("drop", 2)],
)
def test_a_receiver_that_is_away_is_left_alone_for_a_while_and_then_told_all(
    hook: receiving.Receiver, answer: Any, pause: float
) -> None:
    hook.script = [answer]
    first = make_article("A")
    [failed] = told(hook)
    second = make_article("B")
    assert told(hook) == []
    row = Receiver.objects.get()
    assert row.error
    assert row.retry_at is not None
    assert pause - 2 < (row.retry_at - timezone.now()).total_seconds() <= pause
    end_pause()
    again, more = told(hook)
    assert (again.event, again.documents) == (failed.event, failed.documents)
    assert set(again.documents) == {str(first.pk)}
    assert set(more.documents) == {str(second.pk)}
    assert Receiver.objects.get().error == ""
    assert not Notice.objects.exists()


def test_what_changed_before_it_is_sent_again_is_another_message(
    hook: receiving.Receiver,
) -> None:
    hook.script = ["drop"]  # it arrived, for all we know
    article = make_article("A")
    [failed] = told(hook)
    article.status = Status.WITHDRAWN
    article.save()
    end_pause()
    again = told(hook)[0]
    assert not again.documents[str(article.pk)]["public"]
    assert again.event != failed.event


def test_a_cache_that_refuses_has_wrong_settings_and_loses_nothing(
    fastly: receiving.Receiver,
) -> None:
    fastly.script = [400]
    article = make_article("A")
    assert len(told(fastly)) == 1
    end_pause()
    told(fastly)
    assert not Notice.objects.exists()
    article.save()
    assert len(told(fastly)) == 1


def test_one_that_hangs_costs_seconds_and_no_notice(hook: receiving.Receiver) -> None:
    hook.script = ["hang"]
    make_article("A")
    [failed] = told(hook)
    assert "timed out" in Receiver.objects.get().error
    end_pause()
    [again] = told(hook)
    assert again.event == failed.event


def test_away_for_a_day_keeps_what_is_to_be_told_small(hook: receiving.Receiver) -> None:
    article = make_article("A")
    told(hook)
    for n in range(20):
        hook.script = [503]
        article.title = f"A{n}"
        article.save()
        told(hook)
        end_pause()
    assert Notice.objects.count() <= 3
    assert {document for message in told(hook) for document in message.documents} == {
        str(article.pk)
    }


def test_a_killed_sender_is_followed_by_another_that_tells_the_same(
    hook: receiving.Receiver,
) -> None:
    article = make_article("A")
    killed = Worker.register()
    assert Receiver.objects.all().claim(killed)
    kind = find_receiver("hook")
    assert kind is not None
    batch = take_batch("hook", kind)
    assert batch is not None
    assert told(hook) == []  # its worker lives, as far as anybody knows
    silence(killed)
    assert told(hook) == []  # free again, after the pause of a failed try
    end_pause()
    [message] = told(hook)
    assert not Notice.objects.exists()
    assert set(message.documents) == {str(article.pk)}


def test_what_is_refused_is_told_alone_set_aside_and_shown(
    hook: receiving.Receiver, admin_client: Client
) -> None:
    good, bad = make_article("A"), make_article("B")
    hook.refuses = f'"id": "{bad.pk}"'
    together, *alone = told(hook)
    assert set(together.documents) == {str(good.pk), str(bad.pk)}
    assert [set(message.documents) for message in alone[:2]] == [{str(good.pk)}, {str(bad.pk)}]
    for _ in range(5):
        end_pause()
        told(hook)
    health = measure_health()
    assert health.is_stale
    [concern] = health.concerns
    assert concern.name == "notices to hook"
    assert "1 was refused and set aside" in concern.text
    page = admin_client.get("/admin/related/document/dashboard/").content.decode()
    assert concern.text in page

    hook.refuses = ""
    assert told(hook) == []
    address = "/admin/related_notices/notice/"
    assert str(bad.pk) in admin_client.get(f"{address}?state=set_aside").content.decode()
    chosen = [str(pk) for pk in Notice.objects.values_list("pk", flat=True)]
    admin_client.post(address, {"action": "tell_again", "_selected_action": chosen})
    [message] = told(hook)
    assert set(message.documents) == {str(bad.pk)}
    assert not measure_health().is_stale


def test_the_next_change_tells_what_was_refused(hook: receiving.Receiver) -> None:
    article = make_article("A")
    hook.refuses = "newsroom"
    for _ in range(4):
        told(hook)
        end_pause()
    assert Notice.objects.set_aside().exists()
    hook.refuses = ""
    article.save()
    assert len(told(hook)) == 1
    assert not Notice.objects.exists()


def test_workers_are_called_after_the_commit(
    hook: receiving.Receiver,
    memory_broker: Broker,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_article("A")
    messages = [each for each in memory_broker.received() if each.task == SEND_NOTICES]
    assert [(each.queue, each.args) for each in messages] == [("publish", ["hook"])]
