"""Working off documents: both directions, revisions, failures, languages, removal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from newsroom.articles.models import Article, Status
from newsroom.articles.publishing import withdraw
from newsroom.articles.related_sources import ArticleSource
from related.conf import conf
from related.domain.documents import loading
from related.domain.documents.loading import OBJECTS_AT_ONCE
from related.domain.indexing import claiming, processing, results
from related.domain.indexing.claiming import Claim
from related.domain.indexing.results import Result, store_results, store_vectors_only
from related.domain.rebuilds import rebuilding
from related.enums import RunStatus
from related.models import Corpus, Document, DocumentVector, Neighbors, Suggestion
from tests.factories import ArticleFactory
from tests.related.stories import (
    BAKERY,
    BAKERY_PRIZE,
    FLOOD,
    FLOOD_COST,
    FLOOD_UPDATE,
    document_of,
    publish,
    suggested,
    work,
)

pytestmark = pytest.mark.django_db


def keys_of_due() -> list[int]:
    return list(Document.objects.due().values_list("pk", flat=True))


def test_a_publish_enters_its_neighbors_lists_too() -> None:
    first = publish("Barrier raised", FLOOD)
    bakery = publish("Bakery opens", BAKERY, day=1)
    work()
    assert suggested(first, "next") == []
    second = publish("Barrier holds", FLOOD_UPDATE, day=2)
    work()
    assert suggested(second, "previous") == ["Barrier raised"]
    assert suggested(first, "next") == ["Barrier holds"]
    assert suggested(bakery, "related") == []


def test_previous_is_strictly_earlier_and_next_strictly_later() -> None:
    same_day = [publish(f"Barrier report {n}", FLOOD) for n in range(3)]
    work()
    assert suggested(same_day[0], "previous") == []
    assert set(suggested(same_day[1], "previous")) == {"Barrier report 0"}
    assert set(suggested(same_day[1], "next")) == {"Barrier report 2"}
    assert suggested(same_day[2], "next") == []


def test_an_edit_moves_the_article_to_its_new_neighbors() -> None:
    flood = publish("Barrier raised", FLOOD)
    bakery = publish("Bakery opens", BAKERY, day=1)
    edited = publish("Barrier holds", FLOOD_UPDATE, day=2)
    work()
    assert suggested(flood, "next") == ["Barrier holds"]
    edited.title, edited.body = "Prize for the bakery", BAKERY_PRIZE
    edited.save()
    work()
    assert suggested(flood, "next") == []
    assert suggested(bakery, "next") == ["Prize for the bakery"]


@pytest.mark.parametrize("leave", [withdraw, Article.delete], ids=["withdrawn", "deleted"])
def test_what_leaves_leaves_every_list(leave: object) -> None:
    stays = publish("Barrier raised", FLOOD)
    goes = publish("Barrier holds", FLOOD_UPDATE, day=1)
    work()
    gone = document_of(goes)
    leave(goes)  # type: ignore[operator]
    work()
    assert suggested(stays, "next") == []
    assert not Suggestion.objects.filter(document=gone).exists()
    assert not Neighbors.objects.filter(document=gone).exists()
    gone.refresh_from_db()
    assert (gone.is_indexed, gone.is_waiting) == (False, False)


def test_a_withdrawn_article_comes_back_with_its_neighbors() -> None:
    stays = publish("Barrier raised", FLOOD)
    returns = publish("Barrier holds", FLOOD_UPDATE, day=1)
    work()
    withdraw(returns)
    work()
    returns.status = Status.PUBLISHED
    returns.save()
    work()
    assert suggested(stays, "next") == ["Barrier holds"]


def test_scheduled_articles_are_prepared() -> None:
    publish("Barrier raised", FLOOD)
    later = Article.objects.create(
        title="Barrier holds",
        body=FLOOD_UPDATE,
        status=Status.SCHEDULED,
        published_at=timezone.now() + timedelta(days=3),
    )
    work()
    assert suggested(later, "previous") == ["Barrier raised"]


def test_languages_do_not_mix_and_a_change_of_language_moves() -> None:
    english = publish("Barrier raised", FLOOD)
    moved = publish("Barrier holds", FLOOD_UPDATE, day=1, language="fr")
    work()
    assert suggested(english, "next") == []
    moved.language = "en-GB"
    moved.save()
    work()
    assert suggested(english, "next") == ["Barrier holds"]
    assert Corpus.objects.get(language="fr").n_documents == 0
    moved.language = "fr"
    moved.save()
    work()
    assert suggested(english, "next") == []


@pytest.mark.parametrize("body", ["", "\U0001f389" * 50, "the of and", "12 34"])
def test_texts_without_terms_are_answered(body: str) -> None:
    article = publish("\U0001f389", body)
    work()
    assert not document_of(article).is_waiting
    assert suggested(article, "related") == []


def test_an_older_result_never_overwrites_a_newer_one() -> None:
    article = publish("Barrier raised", FLOOD)
    stale = processing.analyze(claiming.claim(keys_of_due()))
    article.body = BAKERY
    article.save()
    work()
    newest = bytes(DocumentVector.objects.get().term_ids)
    assert store_results(stale) == 0
    assert bytes(DocumentVector.objects.get().term_ids) == newest


def test_a_change_during_the_work_is_worked_off_again() -> None:
    article = publish("Barrier raised", FLOOD)
    analyzed = processing.analyze(claiming.claim(keys_of_due()))
    article.save()
    store_results(analyzed)
    document = document_of(article)
    assert (document.done_rev, document.want_rev) == (1, 2)
    assert Document.objects.due().get() == document


def test_a_claim_is_taken_once_and_comes_free_after_the_lease() -> None:
    publish("Barrier raised", FLOOD)
    (document,) = Document.objects.due()
    assert Document.objects.filter(pk=document.pk).claim() == [document]
    assert Document.objects.filter(pk=document.pk).claim() == []
    assert not Document.objects.due().exists()
    later = timezone.now() + timedelta(seconds=conf.lease_seconds + 1)
    assert Document.objects.due(later).get() == document


def test_a_text_that_kills_its_worker_is_set_aside_after_three_tries() -> None:
    poison = publish("Barrier raised", FLOOD)
    for _ in range(conf.max_attempts):
        Document.objects.update(due_at=timezone.now())  # the lease of a dead worker ran out
        assert claiming.claim(keys_of_due())
    Document.objects.update(due_at=timezone.now())
    assert not Document.objects.due().exists()
    assert Document.objects.failed().get() == document_of(poison)
    publish("Bakery opens", BAKERY)
    work()
    assert Document.objects.waiting().get() == document_of(poison)


def test_what_was_set_aside_is_tried_again_ever_more_rarely() -> None:
    row = document_of(publish("Barrier raised", FLOOD))
    tries = Document.objects.filter(pk=row.pk)
    for n in range(conf.max_attempts, conf.max_attempts + 9):
        pause = conf.second_chance_seconds * 2 ** min(n - conf.max_attempts, 6)
        last = timezone.now()
        tries.update(attempts=n, due_at=last)
        assert not Document.objects.due(last + timedelta(seconds=pause - 1)).exists()
        assert Document.objects.due(last + timedelta(seconds=pause)).get() == row
    tries.update(due_at=last - timedelta(seconds=pause))
    assert Document.objects.failed().get() == row  # until it was tried
    work()
    assert not Document.objects.waiting().exists()
    row.refresh_from_db()
    assert row.is_indexed
    assert row.attempts == 0


def test_poison_in_front_costs_the_others_one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that dies at the first of ten, again and again, leaves one failed and nine done."""
    poison, *others = [publish(f"Barrier report {n}", FLOOD) for n in range(10)]
    read = processing.read_content

    class Killed(BaseException):
        """Stands for SIGKILL: nothing of ours handles it."""

    def die(source: ArticleSource, obj: Article) -> object:
        if obj.pk == poison.pk:
            raise Killed
        return read(source, obj)

    monkeypatch.setattr(processing, "read_content", die)
    n_deaths = 0
    while Document.objects.due().exists():
        try:
            work()
        except Killed:
            n_deaths += 1
            Document.objects.update(due_at=timezone.now())  # the leases of the dead run out
    assert n_deaths == conf.max_attempts
    assert Document.objects.waiting().get() == document_of(poison)
    assert all(document_of(article).is_indexed for article in others)


@pytest.mark.parametrize("work_off", [processing.work_off, processing.work_off_vectors])
@pytest.mark.parametrize("name", ["_store_fields", "store_vectors"])
def test_a_database_that_fails_sets_nothing_aside(
    name: str,
    work_off: Callable[[Sequence[Claim]], int],
    monkeypatch: pytest.MonkeyPatch,
    transactional_db: None,
) -> None:
    """Each may be counted once, with all that were claimed, and is tried alone from then on."""
    works = getattr(results, name)
    n_calls = 0
    ArticleFactory.create_batch(2 * processing.STORED_AT_ONCE + 1)

    def fail_every_other_time(*args: object, **kwargs: object) -> object:
        nonlocal n_calls
        n_calls += 1
        if n_calls % 2:
            raise OperationalError("disk I/O error")
        return works(*args, **kwargs)

    monkeypatch.setattr(results, name, fail_every_other_time)
    n_failures = 0
    while keys := keys_of_due():
        try:
            for claims in claiming.claim_batches(len(keys), Document.objects.due()):
                work_off(claims)
        except OperationalError:
            n_failures += 1
        assert not Document.objects.waiting().filter(attempts__gt=1).exists()
        Document.objects.update(due_at=timezone.now())  # the pause of who failed alone is over
    assert n_failures
    assert not Document.objects.waiting().exists()


def test_a_text_that_never_can_be_stored_keeps_nobody_from_the_rest(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    """PostgreSQL calls many things an operational error: too little memory, too large a row."""
    poison, *others = ArticleFactory.create_batch(4)
    store_facts = results._store_fields

    def fail_at_the_poison(wanted: Sequence[Result]) -> None:
        if any(result.claim.document.object_id == str(poison.pk) for result in wanted):
            raise OperationalError("row is too big")
        store_facts(wanted)

    monkeypatch.setattr(results, "_store_fields", fail_at_the_poison)
    for _ in range(3):
        with suppress(OperationalError):
            processing.process()
    row = document_of(poison)
    assert Document.objects.waiting().get() == row
    assert row.error == "OperationalError: row is too big"
    assert row.due_at > timezone.now()
    assert not any(document_of(article).is_waiting for article in others)


def test_what_cannot_be_read_is_set_aside_and_the_others_go_on() -> None:
    """SQLite reads bytes that are no text as an operational error."""
    bad, *others = ArticleFactory.create_batch(OBJECTS_AT_ONCE + 2)
    load_objects = loading.load_objects

    def fail_at_the_bad(rows: Iterable[Document], *, public: bool) -> dict[int, Any]:
        rows = list(rows)
        if any(row.object_id == str(bad.pk) for row in rows):
            raise OperationalError("could not decode to UTF-8 column 'body'")
        return load_objects(rows, public=public)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load_objects", fail_at_the_bad)
        processing.process()
        row = document_of(bad)
        assert Document.objects.waiting().get() == row
        assert row.error.startswith("OperationalError: could not decode")
        for _ in range(conf.max_attempts):
            Document.objects.update(due_at=timezone.now())
            processing.process()
        assert Document.objects.failed().get() == row
        finished = rebuilding.rebuild()  # which compares all texts, and leaves this one alone
        assert finished.status == RunStatus.FINISHED
    # Good when it was stored, and damaged since: the comparison hands it to the analysis.
    patched = Document.objects.filter(pk=row.pk)
    patched.update(done_rev=F("want_rev"), attempts=0, error="", is_indexed=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "load_objects", fail_at_the_bad)
        assert rebuilding.rebuild().status == RunStatus.FINISHED
    assert document_of(bad).error.startswith("OperationalError: could not decode")
    assert not any(document_of(article).is_waiting for article in others)


def test_a_failure_of_its_own_stays_with_a_text_when_the_database_fails_as_well(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    publish("Barrier raised", FLOOD)
    (claim,) = claiming.claim(keys_of_due())
    claiming.record_failure(claim, ValueError("bad text"))
    before = Document.objects.get()
    with pytest.raises(OperationalError), claiming.given_back([claim]):
        raise OperationalError("connection lost")
    after = Document.objects.get()
    assert (after.attempts, after.due_at, after.error) == (1, before.due_at, "ValueError: bad text")


@pytest.mark.parametrize("attempts", [5, 40, 900])
def test_the_pause_after_a_failure_has_an_end(attempts: int, settings: Settings) -> None:
    settings.RELATED = {"MAX_ATTEMPTS": 1_000}
    publish("Barrier raised", FLOOD)
    Document.objects.update(attempts=attempts)
    (claim,) = claiming.claim(keys_of_due())
    claiming.record_failure(claim, ValueError("bad text"))
    assert Document.objects.get().due_at <= timezone.now() + timedelta(seconds=64)


def test_what_another_worker_has_by_now_is_not_given_back(transactional_db: None) -> None:
    publish("Barrier raised", FLOOD)
    claims = claiming.claim(keys_of_due())

    def lose_the_lease_and_the_connection() -> None:
        Document.objects.update(due_at=timezone.now())
        assert claiming.claim(keys_of_due())
        raise OperationalError("connection lost")

    with pytest.raises(OperationalError), claiming.given_back(claims):
        lose_the_lease_and_the_connection()
    row = Document.objects.get()
    assert row.attempts == 2
    assert row.due_at > timezone.now()


def test_second_chances_come_after_what_was_published_since() -> None:
    ArticleFactory.create_batch(3)
    ago = timezone.now() - timedelta(days=1)
    Document.objects.update(attempts=conf.max_attempts, due_at=ago, marked_at=ago)
    fresh = document_of(publish("Barrier raised", FLOOD))
    assert processing.process(limit=3) == 3
    assert not Document.objects.waiting().filter(pk=fresh.pk).exists()
    assert Document.objects.waiting().count() == 1


def test_a_publish_beside_vectors_that_wait_for_a_rebuild() -> None:
    first = publish("Barrier raised", FLOOD)
    work()
    imported = publish("Barrier holds", FLOOD_UPDATE, day=1)
    store_vectors_only(processing.analyze(claiming.claim(keys_of_due())))
    publish("Cost of the barrier", FLOOD_COST, day=2)
    processing.process()
    assert not Document.objects.waiting().exists()
    assert suggested(first, "next")
    work()
    assert set(suggested(imported, "next")) == {"Cost of the barrier"}


def test_an_error_of_the_site_is_kept_with_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = publish("Barrier raised", FLOOD)
    good = publish("Bakery opens", BAKERY)

    def text(self: ArticleSource, obj: Article) -> str:
        if obj.pk == bad.pk:
            raise ValueError("no text in\x00side")
        return obj.body

    monkeypatch.setattr(ArticleSource, "text", text)
    processing.process()
    assert document_of(bad).error == "ValueError: no text inside"
    assert document_of(bad).attempts == 1
    assert not document_of(good).is_waiting


def test_inline_skips_what_the_body_links_to() -> None:
    target = publish("Barrier raised", FLOOD)
    linking = publish(
        "Barrier holds",
        f'<p>{FLOOD_UPDATE} <a href="https://news.example{target.get_absolute_url()}">Before</a></p>',
        day=1,
    )
    work()
    assert suggested(linking, "previous") == ["Barrier raised"]
    assert suggested(linking, "inline") == []


def test_reasons_are_words_that_both_share() -> None:
    publish("Barrier raised", FLOOD)
    publish("Barrier holds", FLOOD_UPDATE, day=1)
    work()
    for suggestion in Suggestion.objects.all():
        assert suggestion.reasons
        for term in suggestion.reasons:
            for word in term.split():
                assert word in (FLOOD + FLOOD_UPDATE + "Barrier raised holds").lower()
