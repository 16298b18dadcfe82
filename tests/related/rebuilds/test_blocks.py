"""Rebuilds in blocks: claims, leases, going on where one was stopped, the nightly refresh."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article
from related.domain.corpus import memory
from related.domain.corpus.cache import corpus_cache
from related.domain.rebuilds import blocks, phases, rebuilding, runs, workspace
from related.domain.rebuilds.blocks import BlockLost
from related.enums import Phase, Priority, RunStatus
from related.models import Document, Neighbors, RebuildBlock, RebuildRun, Slot, Suggestion
from related.models.runs import LEASE
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, FLOOD_UPDATE, publish, suggested, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    for phase in blocks.SIZES:
        monkeypatch.setitem(blocks.SIZES, phase, 2)


@pytest.fixture
def archive(_small_blocks: None) -> list[Article]:
    texts = [FLOOD, BAKERY, FLOOD_UPDATE, FLOOD_COST, FLOOD, BAKERY, FLOOD_UPDATE]
    articles = [publish(f"Report {n}", text, day=n) for n, text in enumerate(texts)]
    work()
    return articles


def served() -> list[tuple[object, ...]]:
    rows = Suggestion.objects.served().order_by("document", "slot", "rank")
    return list(rows.values_list("document", "slot", "target", "rank", "similarity", "reasons"))


def test_what_is_imported_during_a_rebuild_does_not_wait_for_its_end(
    archive: list[Article],
) -> None:
    seen: dict[str, bool] = {}  # phase -> whether the late report waited at its end

    def progress(phase: str, n_done: int, n_total: int) -> None:
        if phase == "counting terms (en)":
            publish("Late report", FLOOD_COST, day=9)
            Document.objects.waiting().update(priority=Priority.BULK)
        seen[phase] = Document.objects.waiting().exists()

    rebuilding.rebuild(progress)
    assert seen.pop("counting terms (en)")
    assert not seen.pop("switching over (en)")
    assert "writing suggestions (en)" in seen
    assert not any(seen.values())


def test_two_workers_never_get_the_same_block(archive: list[Article]) -> None:
    run = rebuilding.start()
    taken = [RebuildBlock.objects.filter(run=run).claim() for _ in range(5)]
    pairs = [(block.first, block.last) for block in taken if block]
    assert len(pairs) == 4  # of two documents each
    assert len(set(pairs)) == 4
    assert taken[4] is None


def test_locks_leave_keys_to_those_who_refer_to_the_row(
    archive: list[Article],
) -> None:
    """New neighbors lock the keys of their corpus and document, new blocks that of their run, at
    the end of their transactions: with whole rows locked, three workers would wait in a circle."""
    with CaptureQueriesContext(connection) as queries:
        publish("Late report", FLOOD_COST, day=9)
        work()
        rebuilding.rebuild()
    locks = {match for query in queries for match in re.findall(r"FOR [A-Z ]*UPDATE", query["sql"])}
    assert locks == ({"FOR NO KEY UPDATE"} if connection.vendor == "postgresql" else set())


def test_a_block_of_a_dead_worker_is_taken_again_after_its_lease(archive: list[Article]) -> None:
    run = rebuilding.start()
    dead = RebuildBlock.objects.filter(run=run).claim()
    assert dead is not None
    RebuildBlock.objects.exclude(pk=dead.pk).delete()
    assert RebuildBlock.objects.claim() is None
    RebuildBlock.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    again = RebuildBlock.objects.claim()
    assert again is not None
    assert (again.pk, again.attempts) == (dead.pk, 2)


@pytest.mark.parametrize(
    "phase", [Phase.DETECT_CHANGES, Phase.STATISTICS, Phase.SEARCH, Phase.SUGGEST]
)
def test_a_worker_that_lost_its_lease_writes_nothing(archive: list[Article], phase: Phase) -> None:
    run = rebuilding.start()
    while (late := RebuildBlock.objects.filter(run=run).claim()) and late.phase != phase:
        phases.run_block(late)
    assert late is not None
    RebuildBlock.objects.filter(pk=late.pk).update(claimed_until=timezone.now())
    quick = RebuildBlock.objects.filter(run=run, pk=late.pk).claim()
    assert quick is not None
    phases.run_block(quick)
    written = (Neighbors.objects.count(), Suggestion.objects.count())
    with pytest.raises(BlockLost):
        phases.run_block(late)
    assert (Neighbors.objects.count(), Suggestion.objects.count()) == written
    rebuilding.work(run)
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    assert run.counts["n_documents"] == 7


@pytest.fixture(params=["finding neighbors (en)", "writing suggestions (en)"])
def stopped(archive: list[Article], request: pytest.FixtureRequest) -> RebuildRun:
    """A run that Ctrl-C stopped in the middle of a phase."""

    def interrupt(phase: str, n_done: int, n_total: int) -> None:
        if phase == request.param and 0 < n_done < n_total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild(interrupt)
    run = RebuildRun.objects.latest("pk")
    assert run.status == RunStatus.STOPPED
    return run


def test_a_stopped_rebuild_goes_on_where_it_was(stopped: RebuildRun) -> None:
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
    assert RebuildBlock.objects.claim() is None


def test_a_rebuild_whose_workers_all_died_is_taken_up(stopped: RebuildRun) -> None:
    RebuildRun.objects.filter(pk=stopped.pk).update(
        status=RunStatus.RUNNING, heartbeat_at=timezone.now() - 2 * runs.SILENCE
    )
    assert rebuilding.rebuild().pk == stopped.pk


def test_a_rebuild_in_the_middle_of_a_long_block_is_at_work(stopped: RebuildRun) -> None:
    long_ago = timezone.now() - 2 * runs.SILENCE
    RebuildRun.objects.filter(pk=stopped.pk).update(status=RunStatus.RUNNING, heartbeat_at=long_ago)
    block = RebuildBlock.objects.claim()
    assert block is not None
    assert block.keep()
    with pytest.raises(runs.RebuildRunning):
        rebuilding.start()
    assert block.keep()
    # One that was taken by another worker says nothing about the run.
    RebuildRun.objects.filter(pk=stopped.pk).update(heartbeat_at=long_ago)
    block.attempts -= 1
    assert not block.keep()
    stopped.refresh_from_db()
    assert not runs.is_alive(stopped)


@pytest.mark.parametrize("phase", [Phase.STATISTICS, Phase.SUGGEST, Phase.SWITCH])
def test_signs_of_life_are_given_while_much_is_read(
    archive: list[Article], phase: Phase, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_signs: Counter[tuple[int, str]] = Counter()  # by rows that are read at once, and phase
    keep = RebuildBlock.keep

    def keep_and_count(block: RebuildBlock) -> bool:
        n_signs[workspace.ROWS_AT_ONCE, block.phase] += 1
        return keep(block)

    def between() -> int:
        workspace.release()  # as if each block were done by a worker that has read nothing yet
        return 0

    monkeypatch.setattr(RebuildBlock, "keep", keep_and_count)
    for rows_at_once in (100, 2):
        monkeypatch.setattr(workspace, "ROWS_AT_ONCE", rows_at_once)
        rebuilding.rebuild(between=between, cold=True)
    assert n_signs[2, phase] >= n_signs[100, phase] + len(archive) // 2 - 1


def test_a_claim_is_a_sign_of_life(archive: list[Article]) -> None:
    run = rebuilding.start()
    RebuildRun.objects.update(heartbeat_at=timezone.now() - 2 * runs.SILENCE)
    assert RebuildBlock.objects.claim()
    run.refresh_from_db()
    assert runs.is_alive(run)


def test_new_slot_rules_begin_anew(stopped: RebuildRun) -> None:
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


def test_a_failing_block_is_tried_a_few_times_and_then_fails_the_run(
    archive: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def fail(block: RebuildBlock) -> None:
        tries.append(block.attempts)
        raise RuntimeError("disk full")

    monkeypatch.setitem(phases._PHASES, Phase.SEARCH, fail)
    with pytest.raises(RuntimeError):
        rebuilding.rebuild()
    assert max(tries) == rebuilding.MAX_ATTEMPTS
    run = RebuildRun.objects.latest("pk")
    assert (run.status, run.error) == (RunStatus.FAILED, "RuntimeError: disk full")


def test_the_nightly_refresh_rescores_and_finds_the_same(
    archive: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilding.rebuild(cold=True)
    cold = served()
    monkeypatch.setattr(blocks, "SMALL", 0)
    seen = set()
    rebuilding.rebuild(lambda phase, *numbers: seen.add(phase))
    assert "rescoring neighbors (en)" in seen
    assert "finding neighbors (en)" not in seen
    assert served() == cold


def test_the_refresh_searches_for_documents_without_a_list(
    archive: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = suggested(archive[0], "next")
    monkeypatch.setattr(blocks, "SMALL", 0)
    Neighbors.objects.filter(document__object_id=str(archive[0].pk)).delete()
    rebuilding.rebuild()
    assert suggested(archive[0], "next") == expected


def test_a_corpus_that_does_not_fit_is_refused_with_what_to_do(
    archive: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = served()
    monkeypatch.setattr(memory, "allowed_bytes", lambda: 50_000_000)
    with pytest.raises(CommandError) as refusal:
        call_command("rebuild_related")
    message = str(refusal.value)
    assert "has 7 articles, which need about 100 MB of memory; 50 MB are allowed" in message
    assert "MEMORY_LIMIT_MB" in message
    assert served() == before
    assert RebuildRun.objects.latest("pk").status == RunStatus.FAILED


def test_a_lease_is_longer_than_a_documents() -> None:
    """A block that is taken again finds the dead worker's documents free."""
    from related.conf import DEFAULTS

    assert timedelta(seconds=DEFAULTS["LEASE_SECONDS"]) < LEASE


def test_rows_go_in_and_out_with_debug_cursors(
    archive: list[Article], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """COPY on PostgreSQL: the cursor that counts queries knows less than the plain one."""
    with django_assert_max_num_queries(1000):
        rebuilding.rebuild(cold=True)
        corpus_cache.forget(["en"])
        archive[0].save()
        work()
    assert suggested(archive[0], "next")
