"""The processes of a host: one at a time reads a corpus and leaves a snapshot; others map it."""

from __future__ import annotations

import errno
import fcntl
import shutil
from pathlib import Path
from time import monotonic, sleep

import pytest
from pytest_django import Settings

from related.domain.corpus import snapshots
from related.domain.corpus.cache import CorpusCache
from related.domain.corpus.live import LiveCorpus
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.domain.rebuilds.phases import run_block
from related.domain.rebuilds.switching import run_switch
from related.enums import Phase
from related.models import Corpus, Document, RebuildBlock, Worker
from tests.related.corpus.copies import (
    before,
    copy_in,
    reads_a_corpus,
    reads_statistics,
    turn_of_another,
)
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, FLOOD_UPDATE, publish, suggested, work

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cache() -> CorpusCache:
    """That of a process which has read nothing yet, and shares the smallest corpus."""
    return CorpusCache(min_shared=1)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.RELATED = {"SNAPSHOT_DIR": str(tmp_path)}
    return tmp_path


@pytest.fixture
def corpus(folder: Path) -> Corpus:
    """A corpus of three documents, without a snapshot."""
    for n, text in enumerate([FLOOD, BAKERY, FLOOD_UPDATE]):
        publish(f"Report {n}", text, day=n)
    work()
    return Corpus.objects.get()


def epochs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/epoch-*"))


def rebuild(cache: CorpusCache) -> Corpus:
    """The whole rebuild, in the process of this cache."""
    run = rebuilding.start(cold=True)
    worker = Worker.register()
    while blocks := RebuildBlock.objects.filter(run=run).claim(worker, limit=1):
        if blocks[0].phase == Phase.SWITCH:
            run_switch(blocks[0], cache=cache)
        else:
            run_block(blocks[0])
    return Corpus.objects.get()


def leave_snapshot(corpus: Corpus) -> None:
    assert snapshots.save(corpus, LiveCorpus.read(corpus).parts)


def test_who_reads_the_database_leaves_a_snapshot(
    cache: CorpusCache, corpus: Corpus, folder: Path
) -> None:
    cache.prepare(["en"])
    assert len(epochs(folder)) == 1
    assert copy_in(cache).n_unshared == 0


def test_a_small_corpus_is_not_shared(corpus: Corpus, folder: Path) -> None:
    assert copy_in(CorpusCache(min_shared=4)).n_unshared == 3
    assert epochs(folder) == []


def test_one_process_reads_the_database_and_the_others_map_what_it_leaves(
    cache: CorpusCache, corpus: Corpus, folder: Path
) -> None:
    leave_snapshot(corpus)
    [epoch] = epochs(folder)
    aside = epoch.rename(folder / "aside")
    read: list[str] = []
    with (
        before(reads_statistics, lambda: read.append("statistics")),
        turn_of_another(corpus, leaves=lambda: aside.rename(epoch)),
    ):
        assert copy_in(cache).n_unshared == 0
    assert read == []
    assert epochs(folder) == [epoch]


def test_a_process_that_takes_long_is_not_waited_for_without_end(
    corpus: Corpus, folder: Path
) -> None:
    cache = CorpusCache(min_shared=1, seconds_for_another=0.01)
    with snapshots.turn(corpus):
        live = copy_in(cache)
        assert live.n_unshared == 3
        assert epochs(folder) == []
    assert copy_in(cache) is live  # with the next publish
    assert live.n_unshared == 0
    assert len(epochs(folder)) == 1


def test_one_process_writes_and_the_others_go_on(
    cache: CorpusCache, corpus: Corpus, folder: Path
) -> None:
    """What came since the last snapshot is left to the next that has a turn."""
    cache.prepare(["en"])
    shutil.rmtree(epochs(folder)[0])
    publish("Report 4", FLOOD_COST, day=4)
    with snapshots.turn(corpus):
        late = CorpusCache(min_shared=1, seconds_for_another=0)
        assert process(cache=late) == 1
        assert epochs(folder) == []
    copy_in(late)
    assert len(epochs(folder)) == 1


def test_a_snapshot_that_is_newer_than_the_row_that_was_read(
    cache: CorpusCache, corpus: Corpus
) -> None:
    """Another process stores something, and leaves a snapshot, while this one waits its turn."""

    def store_more() -> None:
        publish("Report 4", FLOOD_COST, day=4)
        assert process(cache=CorpusCache()) == 1
        leave_snapshot(Corpus.objects.get())

    n_reads: list[int] = []
    with (
        before(reads_a_corpus, lambda: n_reads.append(1)),
        turn_of_another(corpus, leaves=store_more),
    ):
        live = copy_in(cache)
    assert live.n_unshared == 0
    assert len(live.index) == 4
    assert len(n_reads) == 1


def test_a_rebuild_leaves_a_snapshot_of_what_it_switched_to(
    cache: CorpusCache, corpus: Corpus, folder: Path
) -> None:
    corpus = rebuild(cache)
    parts = snapshots.load(corpus)
    assert parts is not None
    assert parts.version == corpus.version
    assert len(epochs(folder)) == 1
    assert copy_in(cache).index.keys().tolist() == parts.index.keys().tolist()


def test_a_rebuild_waits_for_its_turn_to_leave_a_snapshot(
    cache: CorpusCache, corpus: Corpus, folder: Path
) -> None:
    left: list[list[Path]] = []

    def go_on_until_it_waits() -> None:
        deadline = monotonic() + 60
        while Corpus.objects.get().generation == corpus.generation and monotonic() < deadline:
            sleep(0.05)
        sleep(0.3)
        left.append(epochs(folder))

    with turn_of_another(corpus, leaves=go_on_until_it_waits):
        rebuilt = rebuild(cache)
    assert left == [[]]
    assert snapshots.load(rebuilt) is not None
    assert copy_in(cache).generation == rebuilt.generation


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    cache: CorpusCache, corpus: Corpus, settings: Settings, folder: Path
) -> None:
    (folder / "file").write_text("in the way")
    settings.RELATED = {"SNAPSHOT_DIR": str(folder / "file")}
    publish("Report 4", FLOOD_COST, day=4)
    process(cache=cache)
    assert rebuild(cache).n_documents == 4
    assert not Document.objects.waiting().exists()


def test_a_file_system_without_locks_costs_nothing_but_time(
    cache: CorpusCache, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    # The system's call: no file system of the machines that run tests refuses it.
    monkeypatch.setattr(fcntl, "flock", fail)
    late = publish("Report 4", FLOOD_COST, day=4)
    process(cache=cache)
    assert set(suggested(late, "previous")) == {"Report 0", "Report 2"}
