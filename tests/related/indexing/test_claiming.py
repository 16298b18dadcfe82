"""Claims: one worker at a time has a document, and what a dead one had comes free."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from related.domain.indexing import claiming
from related.domain.indexing.processing import analyze, process
from related.domain.indexing.results import store_results
from related.enums import Priority
from related.models import Document, DocumentVector, Worker
from tests.factories import ArticleFactory
from tests.related.faults import silence
from tests.related.stories import BAKERY, FLOOD, document_of, publish, work

pytestmark = pytest.mark.django_db


def claim_all(worker: Worker | None = None) -> list[Document]:
    keys = list(Document.objects.claimable().values_list("pk", flat=True))
    return claiming.claim(worker or Worker.register(), keys)


def test_a_document_is_claimed_once() -> None:
    row = document_of(publish("Barrier raised", FLOOD))
    worker = Worker.register()
    assert claim_all(worker) == [row]
    assert claiming.claim(Worker.register(), [row.pk]) == []
    assert not Document.objects.claimable().exists()
    row.refresh_from_db()
    assert (row.worker_id, row.attempts) == (worker.pk, 1)  # committed before the work starts


def test_a_claim_holds_for_as_long_as_its_worker_lives() -> None:
    publish("Barrier raised", FLOOD)
    worker = Worker.register()
    (document,) = claim_all(worker)
    claiming.free_dead()
    assert not Document.objects.claimable().exists()
    silence(worker)
    assert worker.beat()  # nobody noticed
    claiming.free_dead()
    assert document.mine().exists()


@pytest.mark.parametrize("end", [silence, Worker.delete], ids=["silent", "gone"])
def test_what_a_dead_worker_had_comes_free(end: object) -> None:
    publish("Barrier raised", FLOOD)
    worker = Worker.register()
    claim_all(worker)
    end(worker)  # type: ignore[operator]
    claiming.free_dead()
    row = Document.objects.get()
    assert (row.worker_id, row.attempts) == (None, 1)
    Document.objects.update(retry_at=Now())  # the pause after a failed try is over
    assert claim_all()[0].attempts == 2
    assert not Worker.objects.dead().exists()


def test_a_worker_that_was_frozen_finds_its_claims_gone_and_writes_nothing() -> None:
    publish("Barrier raised", FLOOD)
    frozen = Worker.register()
    results = analyze(claim_all(frozen))
    silence(frozen)
    claiming.free_dead()
    Document.objects.update(retry_at=None)
    assert claim_all()  # another worker has it now
    assert store_results(results) == 0
    assert not DocumentVector.objects.exists()
    assert not results[0].document.record_failure(ValueError("late"))
    assert Document.objects.get().error == ""
    publish("Bakery opens", BAKERY)
    assert not frozen.beat()
    assert claim_all(frozen) == []  # it takes nothing before it has registered again


def test_an_older_result_never_overwrites_a_newer_one() -> None:
    article = publish("Barrier raised", FLOOD)
    stale = analyze(claim_all())
    article.body = BAKERY
    article.save()
    work()
    newest = bytes(DocumentVector.objects.get().term_ids)
    assert store_results(stale) == 0
    assert bytes(DocumentVector.objects.get().term_ids) == newest


def test_an_edit_does_not_wait_for_the_worker_that_has_the_older_text() -> None:
    article = publish("Barrier raised", FLOOD)
    analyzed = analyze(claim_all())
    article.save()
    assert Document.objects.claimable().get() == document_of(article)
    assert store_results(analyzed) == 0
    assert (document_of(article).done_rev, document_of(article).want_rev) == (0, 2)


def test_a_result_answers_no_other_revision_than_its_own() -> None:
    """However the newer one came: here by hand, with SQL."""
    publish("Barrier raised", FLOOD)
    analyzed = analyze(claim_all())
    Document.objects.update(want_rev=F("want_rev") + 1)
    assert store_results(analyzed) == 0
    assert Document.objects.waiting().exists()


def test_an_edit_hears_nothing_of_the_failure_of_the_older_text() -> None:
    article = publish("Barrier raised", FLOOD)
    (document,) = claim_all()
    article.save()
    claiming.record_failure(document, ValueError("old text"))
    row = document_of(article)
    assert (row.error, row.attempts, row.retry_at) == ("", 0, None)


def test_first_tries_are_claimed_together_and_others_alone() -> None:
    ArticleFactory.create_batch(7)
    rows = Document.objects.order_by("pk")
    tried, *others = rows.values_list("pk", flat=True)
    Document.objects.filter(pk=tried).update(attempts=1)
    batches = claiming.choose_batches(rows, limit=6, at_once=4)
    assert batches == [others[:4], others[4:5], [tried]]


def test_what_was_set_aside_comes_after_what_was_published_since() -> None:
    ArticleFactory.create_batch(3)
    Document.objects.update(attempts=3, marked_at=Now() - timedelta(days=1))
    fresh = document_of(publish("Barrier raised", FLOOD))
    assert process(limit=3) == 3
    assert not Document.objects.waiting().filter(pk=fresh.pk).exists()
    assert Document.objects.waiting().count() == 1


def test_publishes_come_before_bulk_work() -> None:
    first, second = ArticleFactory.create_batch(2)
    Document.objects.filter(pk=document_of(first).pk).update(priority=Priority.BULK)
    assert process(limit=1) == 1
    assert Document.objects.waiting().get() == document_of(first)
    assert not document_of(second).is_waiting
