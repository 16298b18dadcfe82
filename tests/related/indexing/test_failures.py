"""Failed tries: who is set aside, who is tried again and when, and who loses nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from newsroom.articles.models import Article
from related.conf import conf
from related.domain.documents.loading import OBJECTS_AT_ONCE
from related.domain.indexing import claiming
from related.domain.indexing.processing import STORED_AT_ONCE, process, process_rows, store_batch
from related.domain.indexing.results import store_vectors_only
from related.domain.rebuilds import rebuilding
from related.enums import RunStatus
from related.models import Document, Worker
from tests.factories import ArticleFactory
from tests.related.faults import (
    Killed,
    end_pauses,
    keys_asked_for,
    statements_failing,
    while_reading,
)
from tests.related.stories import FLOOD, document_of, publish, work

pytestmark = pytest.mark.django_db


def dying_of(poison: Article) -> Callable[[Article], None]:
    def die(obj: Article) -> None:
        if obj.pk == poison.pk:
            raise Killed

    return die


def work_until_nothing_is_left() -> int:
    """Workers are started again whenever one dies; returns how many died."""
    n_deaths = 0
    while True:
        try:
            work()
        except Killed:
            n_deaths += 1
            claiming.free_dead()
        if not Document.objects.waiting().exclude(Document.tried_enough()).exists():
            return n_deaths
        Document.objects.exclude(Document.tried_enough()).update(retry_at=None)


def test_a_text_that_kills_its_worker_is_set_aside_and_costs_the_others_one_try() -> None:
    """A worker that dies at the first of ten, again and again, leaves one failed and nine done."""
    poison, *others = [publish(f"Barrier report {n}", FLOOD) for n in range(10)]
    with while_reading(dying_of(poison)):
        assert work_until_nothing_is_left() == conf.max_attempts
        assert Document.objects.failed().get() == document_of(poison)
        assert not Document.objects.claimable().exists()
        assert all(document_of(article).is_indexed for article in others)
        end_pauses()  # a quarter of an hour later
        with pytest.raises(Killed):
            process()
    claiming.free_dead()
    row = document_of(poison)
    assert (row.attempts, row.is_set_aside) == (conf.max_attempts + 1, True)


def pause_of(row: Document) -> timedelta:
    row.refresh_from_db()
    assert row.retry_at is not None
    return row.retry_at - timezone.now()


def test_pauses_double_and_are_long_once_a_document_is_set_aside() -> None:
    row = document_of(publish("Barrier raised", FLOOD))
    expected = [2, 4, *(conf.second_chance_seconds * 2**n for n in (0, 1, 2, 3, 4, 5, 6, 6, 6))]
    for attempts, seconds in enumerate(expected, 1):
        end_pauses()
        (document,) = claiming.claim(Worker.register(), [row.pk])
        claiming.record_failure(document, ValueError("bad text"))
        assert pause_of(row).total_seconds() == pytest.approx(seconds, abs=1.5)
        assert (row.attempts, row.is_set_aside) == (attempts, attempts >= conf.max_attempts)
        assert not Document.objects.claimable().exists()
    end_pauses()
    assert Document.objects.failed().get() == row  # until a try goes well
    work()
    row.refresh_from_db()
    assert (row.is_waiting, row.is_indexed, row.attempts, row.error) == (False, True, 0, "")


@pytest.mark.parametrize("attempts", [5, 40, 900])
def test_the_pause_after_a_first_failure_has_an_end(attempts: int, settings: Settings) -> None:
    settings.RELATED = {"MAX_ATTEMPTS": 1_000}
    row = document_of(publish("Barrier raised", FLOOD))
    Document.objects.update(attempts=attempts)
    (document,) = claiming.claim(Worker.register(), [row.pk])
    claiming.record_failure(document, ValueError("bad text"))
    assert pause_of(row) <= timedelta(seconds=65)


def test_an_error_of_the_site_is_kept_with_its_document() -> None:
    bad = publish("Barrier raised", FLOOD)
    good = publish("Bakery opens", FLOOD)

    def fail(obj: Article) -> None:
        if obj.pk == bad.pk:
            raise ValueError("no text in\x00side")

    with while_reading(fail):
        process()
    row = document_of(bad)
    assert (row.error, row.attempts) == ("ValueError: no text inside", 1)
    assert not document_of(good).is_waiting


@pytest.mark.parametrize("store", [store_batch, store_vectors_only])
@pytest.mark.parametrize("table", ["related_document", "related_documentvector"])
def test_a_database_that_fails_sets_nothing_aside(
    table: str,
    store: Callable[..., object],
    transactional_db: None,
) -> None:
    """Each may be counted once, with all that were claimed, and is tried alone from then on."""
    ArticleFactory.create_batch(2 * STORED_AT_ONCE + 1)
    n_statements = n_failures = 0

    def every_other_time(sql: str, params: Any) -> bool:
        nonlocal n_statements
        if not sql.startswith(f'INSERT INTO "{table}" '):
            return False
        n_statements += 1
        return n_statements % 2 == 1

    with statements_failing(every_other_time):
        while Document.objects.waiting().exists():
            try:
                process_rows(Document.objects.all(), store, limit=100, at_once=50)
            except OperationalError:
                n_failures += 1
            claiming.free_dead()
            assert not Document.objects.waiting().filter(attempts__gt=1).exists()
            end_pauses()
    assert n_failures


def test_a_text_that_never_can_be_stored_keeps_nobody_from_the_rest(transactional_db: None) -> None:
    """PostgreSQL calls many things an operational error: too little memory, too large a row."""
    row = document_of(publish("Unstorable", FLOOD))
    others = ArticleFactory.create_batch(3)

    def is_too_large(sql: str, params: Any) -> bool:
        return sql.startswith('INSERT INTO "related_documentvector"') and "unstor" in str(params)

    with statements_failing(is_too_large, OperationalError("row is too big")):
        for _ in range(3):
            with suppress(OperationalError):
                process()
            claiming.free_dead()
            Document.objects.exclude(pk=row.pk).update(retry_at=None)
            Document.objects.filter(pk=row.pk, error="").update(retry_at=None)
    row.refresh_from_db()
    assert Document.objects.waiting().get() == row
    assert (row.error, row.attempts) == ("OperationalError: row is too big", 1)
    assert pause_of(row) > timedelta()
    assert not any(document_of(article).is_waiting for article in others)


def test_what_cannot_be_read_is_set_aside_and_the_others_go_on() -> None:
    """SQLite reads bytes that are no text as an operational error."""
    bad, *others = ArticleFactory.create_batch(OBJECTS_AT_ONCE + 2)
    row = document_of(bad)

    def is_damaged(sql: str, params: Any) -> bool:
        return 'FROM "newsroom_article"' in sql and bad.pk in keys_asked_for(sql, params)

    with statements_failing(is_damaged, OperationalError("could not decode to UTF-8 column")):
        process()
        row.refresh_from_db()
        assert Document.objects.waiting().get() == row
        assert row.error.startswith("OperationalError: could not decode")
        for _ in range(conf.max_attempts):
            end_pauses()
            process()
        assert Document.objects.failed().get() == row
        finished = rebuilding.rebuild()  # which compares all texts, and leaves this one alone
        assert finished.status == RunStatus.FINISHED
        # Good when it was stored, and damaged since: the comparison hands it to the analysis.
        Document.objects.filter(pk=row.pk).update(
            done_rev=F("want_rev"), attempts=0, error="", is_indexed=True
        )
        assert rebuilding.rebuild().status == RunStatus.FINISHED
    assert document_of(bad).error.startswith("OperationalError: could not decode")
    assert not any(document_of(article).is_waiting for article in others)


def test_a_failure_of_its_own_stays_with_a_text_when_the_database_fails_as_well(
    transactional_db: None,
) -> None:
    publish("Barrier raised", FLOOD)

    def fail(obj: Article) -> None:
        raise ValueError("bad text")

    def is_end_of_session(sql: str, params: Any) -> bool:
        return sql.startswith('DELETE FROM "related_worker"')

    with while_reading(fail), statements_failing(is_end_of_session):
        process()
    row = Document.objects.get()
    assert (row.attempts, row.error, row.worker_id) == (1, "ValueError: bad text", None)
    assert Worker.objects.exists()  # until its silence is noticed


def test_a_worker_that_is_asked_to_end_costs_a_single_document_no_try(
    transactional_db: None,
) -> None:
    row = document_of(publish("Barrier raised", FLOOD))

    def stop(obj: Article) -> None:
        raise KeyboardInterrupt

    with while_reading(stop), pytest.raises(KeyboardInterrupt):
        process()
    row.refresh_from_db()
    assert (row.attempts, row.worker_id) == (0, None)
