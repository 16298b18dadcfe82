"""Blocks: one worker at a time has each, and what becomes of those of dead and failing workers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from newsroom.articles.models import Article
from related.domain.rebuilds import phases, rebuilding, runs
from related.domain.rebuilds.blocks import BlockLost
from related.enums import Phase, RunStatus
from related.models import Neighbors, RebuildBlock, RebuildRun, Suggestion, Worker
from related.models.runs import MAX_ATTEMPTS
from tests.related.faults import end_pauses, silence, statements_failing
from tests.related.stories import FLOOD_COST, SMALL_BLOCKS, publish, seven_reports, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive() -> list[Article]:
    return seven_reports()


def claim_block(run: RebuildRun, worker: Worker | None = None) -> RebuildBlock | None:
    claimed = RebuildBlock.objects.filter(run=run).claim(worker or Worker.register(), limit=1)
    return claimed[0] if claimed else None


def test_two_workers_never_get_the_same_block(archive: list[Article]) -> None:
    run = rebuilding.start(sizes=SMALL_BLOCKS)
    taken = [claim_block(run) for _ in range(5)]
    pairs = [(block.first, block.last) for block in taken if block]
    assert len(pairs) == 4  # of two documents each
    assert len(set(pairs)) == 4
    assert taken[4] is None


def test_locks_leave_keys_to_those_who_refer_to_the_row(archive: list[Article]) -> None:
    """New neighbors lock the keys of their corpus and document, new blocks that of their run, at
    the end of their transactions: with whole rows locked, three workers would deadlock."""
    with CaptureQueriesContext(connection) as queries:
        publish("Late report", FLOOD_COST, day=9)
        work()
        rebuilding.rebuild()
    locks = {match for query in queries for match in re.findall(r"FOR [A-Z ]*UPDATE", query["sql"])}
    assert locks == ({"FOR NO KEY UPDATE"} if connection.vendor == "postgresql" else set())


def test_a_block_of_a_dead_worker_is_taken_again(archive: list[Article]) -> None:
    run = rebuilding.start()
    worker = Worker.register()
    dead = claim_block(run, worker)
    assert dead is not None
    assert not rebuilding.can_help()
    silence(worker)
    assert not rebuilding.can_help()  # after a pause, as after any failed try
    end_pauses()
    assert rebuilding.can_help()
    again = claim_block(run)
    assert again is not None
    assert (again.pk, again.attempts) == (dead.pk, 2)


@pytest.mark.parametrize(
    "phase", [Phase.DETECT_CHANGES, Phase.STATISTICS, Phase.SEARCH, Phase.SUGGEST, Phase.SWITCH]
)
def test_a_worker_that_was_taken_for_dead_writes_nothing(
    archive: list[Article], phase: Phase
) -> None:
    run = rebuilding.start(sizes=SMALL_BLOCKS)
    frozen = Worker.register()
    while (late := claim_block(run, frozen)) and late.phase != phase:
        phases.run_block(late)
    assert late is not None
    silence(frozen)
    runs.free_dead()
    end_pauses()
    quick = claim_block(run)
    assert quick is not None
    assert quick.pk == late.pk
    phases.run_block(quick)
    written = (Neighbors.objects.count(), Suggestion.objects.count())
    with pytest.raises(BlockLost):
        phases.run_block(late)
    assert (Neighbors.objects.count(), Suggestion.objects.count()) == written
    rebuilding.work(run)
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert run.counts["n_documents"] == 7


def test_a_block_that_kills_its_workers_fails_the_run(archive: list[Article]) -> None:
    run = rebuilding.start()
    for n in range(1, MAX_ATTEMPTS + 1):
        block = claim_block(run)
        assert block is not None
        assert block.attempts == n
        assert rebuilding.can_help() is False
        Worker.objects.all().delete()
        runs.free_dead()
        end_pauses()
    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.error == f"{block}: 5 workers died of it."
    assert not rebuilding.can_help()
    assert rebuilding.rebuild().status == RunStatus.FINISHED  # another run, from the start


def is_new_statistics(sql: str, params: Any) -> bool:
    return sql.startswith('INSERT INTO "related_corpusstatistics"')


def test_a_failing_block_is_tried_a_few_times_and_then_fails_the_run(
    archive: list[Article],
) -> None:
    tries = []

    def fails(sql: str, params: Any) -> bool:
        if is_new_statistics(sql, params):
            tries.append(RebuildBlock.objects.get(phase=Phase.STATISTICS).attempts)
        return is_new_statistics(sql, params)

    def end_pauses_too() -> int:
        end_pauses()
        return 0

    with statements_failing(fails, RuntimeError("disk full")), pytest.raises(RuntimeError):
        rebuilding.rebuild(between=end_pauses_too)
    assert tries == [1, 2, 3, 4, 5]
    run = RebuildRun.objects.latest("pk")
    assert (run.status, run.error) == (RunStatus.FAILED, "RuntimeError: disk full")


def test_a_failed_block_waits_a_moment_before_the_next_try(archive: list[Article]) -> None:
    run = rebuilding.start()
    with statements_failing(is_new_statistics, RuntimeError("disk full")):
        rebuilding.work(run, seconds=0.5)
    block = RebuildBlock.objects.get(phase=Phase.STATISTICS)
    assert (block.attempts, block.error, block.worker_id) == (1, "RuntimeError: disk full", None)
    assert block.retry_at is not None
    assert not rebuilding.can_help()


def test_a_database_that_fails_costs_a_block_no_attempt(
    archive: list[Article], transactional_db: None
) -> None:
    run = rebuilding.start()
    with statements_failing(is_new_statistics), pytest.raises(OperationalError):
        rebuilding.work(run)
    block = RebuildBlock.objects.get(phase=Phase.STATISTICS)
    assert (block.attempts, block.worker_id) == (0, None)
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
