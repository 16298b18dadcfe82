"""Runs: resumed where they were stopped, and known to be alive for as long as somebody works."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from newsroom.articles.models import Article
from related.domain.rebuilds import rebuilding, runs
from related.enums import RunStatus
from related.models import Document, Neighbors, RebuildBlock, RebuildRun, Slot, Worker
from tests.related.faults import lose_all_workers, statements_failing
from tests.related.stories import SMALL_BLOCKS, served, seven_reports

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive() -> list[Article]:
    return seven_reports()


@pytest.fixture(params=["finding neighbors (en)", "writing suggestions (en)"])
def stopped(archive: list[Article], request: pytest.FixtureRequest) -> RebuildRun:
    """A run that Ctrl-C stopped in the middle of a phase."""

    def interrupt(phase: str, n_done: int, n_total: int) -> None:
        if phase == request.param and 0 < n_done < n_total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild(interrupt, sizes=SMALL_BLOCKS)
    run = RebuildRun.objects.latest("pk")
    assert run.status == RunStatus.STOPPED
    return run


def test_a_stopped_rebuild_is_resumed_where_it_was(stopped: RebuildRun) -> None:
    before = served()
    done = dict(stopped.blocks.exclude(done_at=None).values_list("pk", "done_at"))
    again = rebuilding.rebuild()
    assert again.pk == stopped.pk
    assert again.status == RunStatus.FINISHED
    after = dict(again.blocks.values_list("pk", "done_at"))
    assert {pk: after[pk] for pk in done} == done  # nothing was done a second time
    assert served() == before
    assert Neighbors.objects.count() == Document.objects.count()


def test_other_workers_leave_a_stopped_rebuild_alone(stopped: RebuildRun) -> None:
    assert not rebuilding.can_help()
    assert RebuildBlock.objects.claim(Worker.register()) == []


def test_a_rebuild_whose_workers_all_died_is_resumed(stopped: RebuildRun) -> None:
    RebuildRun.objects.filter(pk=stopped.pk).update(status=RunStatus.RUNNING)
    assert runs.is_alive(stopped)  # it got on lately
    lose_all_workers()
    assert not runs.is_alive(stopped)
    assert rebuilding.rebuild().pk == stopped.pk


def test_a_rebuild_in_the_middle_of_a_long_block_is_alive(stopped: RebuildRun) -> None:
    RebuildRun.objects.filter(pk=stopped.pk).update(status=RunStatus.RUNNING)
    worker = Worker.register()
    assert RebuildBlock.objects.claim(worker, limit=1)
    lose_all_workers()
    assert worker.beat()
    assert runs.is_alive(stopped)
    with pytest.raises(runs.RebuildRunning):
        rebuilding.start()
    lose_all_workers()
    assert rebuilding.start().pk == stopped.pk


def test_new_slot_rules_begin_another_run(stopped: RebuildRun) -> None:
    Slot.objects.filter(key="related").update(minimum_score=0.5)
    assert rebuilding.rebuild().pk != stopped.pk
    assert not RebuildBlock.objects.filter(run=stopped).exists()
    assert Neighbors.objects.count() == Document.objects.count()


def test_the_sweeper_joins_a_rebuild(archive: list[Article]) -> None:
    run = rebuilding.start()
    assert rebuilding.process_once() == 1
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED


def test_joining_needs_a_rebuild(archive: list[Article]) -> None:
    with pytest.raises(CommandError, match="No rebuild is running"):
        call_command("rebuild_related", "--join")
    run = rebuilding.start()
    call_command("rebuild_related", "--join")
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED


def test_a_rebuild_that_is_being_prepared_is_alive(archive: list[Article]) -> None:
    """In a large archive that takes minutes, and there is no block yet."""
    seen: list[bool] = []

    def look(sql: str, params: Any) -> bool:
        if sql.startswith('INSERT INTO "related_rebuildblock"') and not seen:
            RebuildRun.objects.update(progressed_at=Now() - timedelta(hours=1))
            seen.append(runs.is_alive(RebuildRun.objects.latest("pk")))
        return False

    with statements_failing(look):
        run = rebuilding.start()
    assert seen == [True]
    run.refresh_from_db()
    assert not runs.is_alive(run)  # nobody took a block since


def test_one_rebuild_at_a_time() -> None:
    run = runs.start_run()
    with pytest.raises(runs.RebuildRunning, match="already running"):
        rebuilding.rebuild()
    with pytest.raises(CommandError, match="already running"):
        call_command("rebuild_related")
    lose_all_workers()
    rebuilding.rebuild()
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert "killed" in run.error
