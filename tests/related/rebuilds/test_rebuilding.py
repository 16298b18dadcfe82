"""Rebuilds: what is served meanwhile, what happens when one is stopped, what they find."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from newsroom.articles.models import Article, Status
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.enums import Priority, RunStatus
from related.models import (
    Corpus,
    CorpusStatistics,
    Decision,
    Document,
    DocumentVector,
    Neighbors,
    RebuildRun,
    Slot,
    Suggestion,
)
from tests.related.faults import end_pauses, statements_failing
from tests.related.stories import (
    FIRST_DAY,
    FLOOD,
    FLOOD_COST,
    archive,
    document_of,
    publish,
    snapshot,
    suggested,
    work,
)

pytestmark = pytest.mark.django_db


def test_one_by_one_and_rebuild_agree_under_the_same_statistics() -> None:
    archive()
    work()
    rebuilding.rebuild()
    after_rebuild = snapshot()
    assert after_rebuild
    for article in Article.objects.all():  # each enters again, with the statistics of the rebuild
        article.save()
        process()
    assert snapshot() == after_rebuild


def test_a_rebuild_replaces_the_generation_and_deletes_the_old_one() -> None:
    archive()
    work()
    before = Corpus.objects.get()
    rebuilding.rebuild()
    after = Corpus.objects.get()
    assert after.generation == before.generation + 1
    for model in (Suggestion, Neighbors, CorpusStatistics):
        assert set(model.objects.values_list("generation", flat=True)) == {after.generation}
    assert CorpusStatistics.objects.get().n_documents == 4


def test_the_old_set_is_served_until_the_switch() -> None:
    archive()
    work()
    served = snapshot()
    seen = set()

    def progress(phase: str, n_done: int, n_total: int) -> None:
        seen.add(phase)
        assert (snapshot() == served) == (phase != "switching over (en)")

    Slot.objects.filter(key="related").update(minimum_score=0.9)  # the new set will differ
    rebuilding.rebuild(progress)
    assert seen == {
        "looking for changes",
        "finding repeated passages (en)",
        "counting terms (en)",
        "finding neighbors (en)",
        "learning from neighbors (en)",
        "writing suggestions (en)",
        "switching over (en)",
    }
    assert snapshot() != served


def without_pauses() -> int:
    """For ``between``: failed tries are repeated at once."""
    end_pauses()
    return 0


def test_a_rebuild_that_dies_leaves_the_old_set_and_can_be_repeated() -> None:
    archive()
    work()
    served = snapshot()

    def is_switch(sql: str, params: Any) -> bool:
        return sql.startswith('UPDATE "related_corpus" SET') and '"generation" = ' in sql

    with statements_failing(is_switch, RuntimeError("power cut")), pytest.raises(RuntimeError):
        rebuilding.rebuild(between=without_pauses)
    assert snapshot() == served
    latest = RebuildRun.objects.first()
    assert latest is not None
    assert (latest.status, latest.error) == (RunStatus.FAILED, "RuntimeError: power cut")
    rebuilding.rebuild()
    assert snapshot() == served


def test_what_a_killed_rebuild_analyzed_is_not_lost() -> None:
    """Vectors without neighbors are noted with the corpus, in the transaction that stores them."""
    archive()
    Document.objects.update(priority=Priority.BULK)

    def is_statistics(sql: str, params: Any) -> bool:
        return sql.startswith('INSERT INTO "related_corpusstatistics"')

    with statements_failing(is_statistics, RuntimeError("killed")), pytest.raises(RuntimeError):
        rebuilding.rebuild(only_due=True, between=without_pauses)
    assert DocumentVector.objects.count() == 4
    assert Suggestion.objects.count() == 0
    RebuildRun.objects.update(finished_at=timezone.now() - timedelta(minutes=2))
    assert rebuilding.is_due()
    work()
    assert suggested(Article.objects.get(title="Barrier holds"), "previous") == ["Barrier raised"]
    assert not rebuilding.is_due()


def test_a_publish_during_a_rebuild_is_in_the_old_set_and_the_new() -> None:
    archive()
    work()
    published: list[Article] = []

    def between() -> int:
        if published:
            return 0
        published.append(publish("Cost of the barrier", FLOOD_COST, day=9))
        n_done = process(priority=Priority.PUBLISH)
        assert "Barrier holds" in suggested(published[0], "previous")
        return n_done

    generation = Corpus.objects.get().generation
    rebuilding.rebuild(between=between)
    assert Corpus.objects.get().generation > generation
    assert set(suggested(published[0], "previous")) == {"Barrier raised", "Barrier holds"}
    first = Article.objects.get(title="Barrier raised")
    assert "Cost of the barrier" in suggested(first, "next")


def test_it_finds_what_changed_without_a_signal() -> None:
    flood, bakery, *_ = archive()
    work()
    Article.objects.filter(pk=bakery.pk).update(title="Barrier cost", body=FLOOD_COST)
    Article.objects.filter(title="Bakery wins").update(status=Status.WITHDRAWN)
    Article.objects.bulk_create(
        [
            Article(
                title="Gates of the barrier",
                slug="gates",
                body="At the flood barrier on the river, engineers painted rusty gates.",
                status=Status.PUBLISHED,
                published_at=FIRST_DAY + timedelta(days=5),
            )
        ]
    )
    run = rebuilding.rebuild()
    assert {name: run.counts[name] for name in ("n_created", "n_gone", "n_changed")} == {
        "n_created": 1,
        "n_gone": 1,
        "n_changed": 1,
    }
    assert set(suggested(flood, "next")) == {
        "Barrier cost",
        "Barrier holds",
        "Gates of the barrier",
    }


def test_lost_vectors_are_made_again() -> None:
    """Only the editors' tables have to be in a backup."""
    flood = archive()[0]
    work()
    for model in (Suggestion, Neighbors, DocumentVector, CorpusStatistics, Corpus):
        model.objects.all().delete()
    rebuilding.rebuild()
    assert suggested(flood, "next") == ["Barrier holds"]


def test_a_date_changed_without_a_signal_changes_the_order() -> None:
    flood = archive()[0]
    work()
    assert suggested(flood, "next") == ["Barrier holds"]
    Article.objects.filter(pk=flood.pk).update(published_at=FIRST_DAY + timedelta(days=30))
    rebuilding.rebuild()
    assert suggested(flood, "next") == []
    assert suggested(flood, "previous") == ["Barrier holds"]


def test_decisions_survive_a_rebuild_untouched() -> None:
    articles = archive()
    work()
    Decision.objects.create(
        document=document_of(articles[0]),
        slot=Slot.objects.get(key="related"),
        target=document_of(articles[1]),
        verdict="approved",
        version=1,
    )
    before = list(Decision.objects.values())
    rebuilding.rebuild()
    assert list(Decision.objects.values()) == before


def test_ctrl_c_is_recorded_as_stopped() -> None:
    archive()
    work()
    served = snapshot()

    def interrupt(phase: str, n_done: int, n_total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild(interrupt)
    assert RebuildRun.objects.first().status == RunStatus.STOPPED  # type: ignore[union-attr]
    assert snapshot() == served


def test_statistics_are_refreshed_once_the_corpus_has_grown() -> None:
    for n in range(8):
        publish(f"Barrier report {n}", FLOOD, day=n)
        work()
    statistics = CorpusStatistics.objects.get()
    assert 7 <= statistics.n_documents <= 8  # within a quarter of the corpus
    assert not rebuilding.is_due()


def test_a_failing_rebuild_is_not_tried_again_at_once() -> None:
    archive()
    assert rebuilding.is_due() is False  # nothing indexed, little waiting
    process()
    assert rebuilding.is_due()
    RebuildRun.objects.create(status=RunStatus.FAILED, finished_at=timezone.now())
    assert not rebuilding.is_due()


def test_a_large_backlog_is_left_to_a_rebuild() -> None:
    archive()
    Document.objects.update(priority=Priority.BULK)
    assert not rebuilding.is_due(min_backlog=4)
    assert rebuilding.is_due(min_backlog=3)
    rebuilding.rebuild(only_due=True)
    assert not Document.objects.waiting().exists()
    assert suggested(Article.objects.get(title="Barrier holds"), "previous") == ["Barrier raised"]


def test_few_that_wait_beside_many_are_processed_one_by_one() -> None:
    articles = archive()
    work()
    for article, is_large in zip(articles, (False, True), strict=False):  # one of four, then two
        article.save()
        Document.objects.waiting().update(priority=Priority.BULK)
        assert rebuilding.is_due(min_backlog=0, large_backlog=0.3) is is_large


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    archive()
    call_command("rebuild_related")
    out = capsys.readouterr().out
    assert out.startswith("4 documents, ")
    assert not Document.objects.waiting().exists()


def test_process_related_processes_everything(capsys: pytest.CaptureFixture[str]) -> None:
    archive()
    call_command("process_related")
    assert "Nothing is waiting; 4 documents are indexed." in capsys.readouterr().out
