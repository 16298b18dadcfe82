"""The host's snapshot: what is read from it, what replaces it when it is damaged or stale."""

from __future__ import annotations

import errno
import logging
import shutil
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from django.db.models import F
from pytest_django import DjangoAssertNumQueries, Settings

from related.domain.corpus import cache, snapshots
from related.domain.corpus.live import LiveCorpus
from related.domain.indexing import results
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.models import Corpus, Document, Neighbors
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, FLOOD_UPDATE, publish, suggested, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.RELATED = {"SNAPSHOT_DIR": str(tmp_path)}
    monkeypatch.setattr(snapshots, "MIN_DOCUMENTS", 1)
    return tmp_path


@pytest.fixture
def corpus(folder: Path) -> Corpus:
    """A corpus with a snapshot of it, and a process that knows nothing of either."""
    for n, text in enumerate([FLOOD, BAKERY, FLOOD_UPDATE]):
        publish(f"Report {n}", text, day=n)
    work()
    rebuilding.rebuild()
    corpus = Corpus.objects.get()
    assert snapshots.save(corpus, LiveCorpus.read(corpus))
    cache._live.clear()
    return corpus


def epochs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/epoch-*"))


def contents(live: LiveCorpus) -> dict[int, tuple[list[int], list[float]]]:
    lists = {key: live.lists.get(key) for key in live.index.keys().tolist()}
    return {key: (ids.tolist(), values.tolist()) for key, (ids, values) in lists.items()}


def from_the_database(corpus: Corpus, folder: Path) -> dict[int, tuple[list[int], list[float]]]:
    shutil.rmtree(folder)
    folder.mkdir()
    return contents(LiveCorpus.read(corpus))


def test_a_snapshot_holds_what_the_database_holds(corpus: Corpus, folder: Path) -> None:
    version, statistics, index, lists = snapshots.load(corpus) or pytest.fail("no snapshot")
    assert version == corpus.version
    assert statistics.n_documents == 3
    assert len(index) == len(lists) == 3
    assert contents(LiveCorpus.read(corpus)) == from_the_database(corpus, folder)


def test_only_what_came_later_is_read_from_the_database(corpus: Corpus, folder: Path) -> None:
    Neighbors.objects.filter(version__lte=corpus.version).update(neighbor_ids=b"", similarities=b"")
    late = publish("Report 4", FLOOD_COST, day=4)
    process()
    assert set(suggested(late, "previous")) == {"Report 0", "Report 2"}
    cache._live.clear()
    live = LiveCorpus.read(Corpus.objects.get())
    assert len(live.index) == 4
    assert all(len(ids) for ids, _ in map(live.lists.get, live.index.keys().tolist()[:1]))


def cut(epoch: Path) -> None:
    largest = max(epoch.glob("*.npy"), key=lambda path: path.stat().st_size)
    with largest.open("r+b") as file:
        file.truncate(largest.stat().st_size // 2)


def flip(epoch: Path) -> None:
    largest = max(epoch.glob("*.npy"), key=lambda path: path.stat().st_size)
    with largest.open("r+b") as file:
        file.seek(largest.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 0xFF]))


def alter(epoch: Path) -> None:
    """A count that might as well be right."""
    [counts] = epoch.glob("*segment0.counts.npy")
    array = np.load(counts)
    array[-1] += 1
    np.save(counts, array)


def lose(epoch: Path) -> None:
    next(epoch.glob("*.npy")).unlink()


def scribble(epoch: Path) -> None:
    (epoch / snapshots.MANIFEST).write_text("{}")


def garble(epoch: Path) -> None:
    (epoch / snapshots.MANIFEST).write_bytes(b"\xff\x00 no JSON")


@pytest.mark.parametrize("damage", [cut, flip, alter, lose, scribble, garble])
def test_a_damaged_snapshot_is_logged_and_replaced_by_the_database(
    corpus: Corpus, folder: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    [epoch] = epochs(folder)
    damage(epoch)
    with caplog.at_level(logging.WARNING):
        live = LiveCorpus.read(corpus)
    assert "snapshot not used" in caplog.text
    assert contents(live) == from_the_database(corpus, folder)


def test_a_snapshot_of_another_generation_is_not_used(corpus: Corpus) -> None:
    assert snapshots.load(corpus) is not None
    corpus.generation += 1
    assert snapshots.load(corpus) is None


def test_a_snapshot_of_another_database_is_not_used(corpus: Corpus, folder: Path) -> None:
    [epoch] = epochs(folder)
    corpus.token = uuid.uuid4()
    stolen = snapshots._folder(corpus) / epoch.name
    shutil.copytree(epoch, stolen)
    assert snapshots.load(corpus) is None


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_waits_for_its_turn_to_leave_a_snapshot(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, body in enumerate([FLOOD, BAKERY, FLOOD_UPDATE]):
        publish(f"Report {n}", body, day=n)
    work()
    turn = snapshots.turn(Corpus.objects.get())

    def finish(seconds: float) -> None:
        """The other process has mapped what it wanted."""
        turn.__exit__(None, None, None)

    monkeypatch.setattr(snapshots, "sleep", finish)
    assert turn.__enter__()
    rebuilding.rebuild(cold=True)
    corpus = Corpus.objects.get()
    assert cache._live["en"].generation == corpus.generation
    assert snapshots.load(corpus) is not None


def test_a_file_system_without_locks_costs_nothing_but_time(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(snapshots.fcntl, "flock", fail)
    late = publish("Report 4", FLOOD_COST, day=4)
    process()
    assert set(suggested(late, "previous")) == {"Report 0", "Report 2"}


def test_a_corpus_that_was_switched_meanwhile_is_not_read_while_others_wait(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process switches a rebuild in, after this one made ready and before its lock."""
    publish("Report 4", FLOOD_COST, day=4)
    prepare, read = results.prepare, LiveCorpus.read
    steps: list[str] = []

    def prepare_and_be_overtaken(languages: Iterable[str]) -> None:
        prepare(languages)
        steps.append("prepared")
        if steps == ["read", "prepared"]:
            Corpus.objects.update(generation=F("generation") + 1)

    def read_and_note(row: Corpus) -> LiveCorpus:
        steps.append("read")
        return read(row)

    monkeypatch.setattr(results, "prepare", prepare_and_be_overtaken)
    monkeypatch.setattr(LiveCorpus, "read", read_and_note)
    process()
    assert steps == ["read", "prepared", "read", "prepared"]
    assert not Document.objects.waiting().exists()


@pytest.mark.django_db(transaction=True)
def test_a_rebuild_leaves_a_snapshot_of_what_it_switched_to(folder: Path) -> None:
    for n, body in enumerate([FLOOD, BAKERY, FLOOD_UPDATE]):
        publish(f"Report {n}", body, day=n)
    work()
    rebuilding.rebuild()
    corpus = Corpus.objects.get()
    parts = snapshots.load(corpus)
    assert parts is not None
    assert parts[0] == corpus.version
    assert len(epochs(folder)) == 1
    assert cache._live["en"].index.keys().tolist() == parts[2].keys().tolist()


def test_a_snapshot_ahead_of_a_restored_database_is_not_used(corpus: Corpus) -> None:
    corpus.version -= 1
    assert snapshots.load(corpus) is None


def test_one_process_writes_and_the_others_go_on(corpus: Corpus, folder: Path) -> None:
    live = cache.live_corpus(corpus)
    written = epochs(folder)
    shutil.rmtree(written[0])
    with snapshots.turn(corpus) as is_mine:
        assert is_mine
        cache.share(corpus, live)  # as another process would
        assert epochs(folder) == []
        assert cache.live_corpus(corpus) is live
    cache.share(corpus, live)
    assert epochs(folder) == written


def test_one_process_reads_the_database_and_the_others_map_what_it_leaves(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [epoch] = epochs(folder)
    aside = epoch.rename(folder / "aside")

    def finish(seconds: float) -> None:
        """The other process, whose turn it is, leaves its snapshot and is done."""
        aside.rename(epoch)
        turn.__exit__(None, None, None)

    monkeypatch.setattr(snapshots, "sleep", finish)
    turn = snapshots.turn(corpus)
    assert turn.__enter__()
    cache.prepare(["en"])
    assert cache._live["en"].n_read == 0
    assert epochs(folder) == [epoch]


def test_a_process_that_takes_long_is_not_waited_for_without_end(
    corpus: Corpus, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(epochs(folder)[0])
    monkeypatch.setattr(cache, "SECONDS_FOR_ANOTHER", 0.01)
    with snapshots.turn(corpus):
        cache.prepare(["en"])
        assert cache._live["en"].n_read == 3
        assert epochs(folder) == []
    cache.share(corpus, cache._live["en"])  # with the next publish
    assert len(epochs(folder)) == 1


def test_who_reads_the_database_leaves_a_snapshot(corpus: Corpus, folder: Path) -> None:
    shutil.rmtree(epochs(folder)[0])
    cache.prepare(["en"])
    assert len(epochs(folder)) == 1
    assert cache._live["en"].n_read == 0


def test_a_snapshot_that_is_newer_than_the_row_that_was_read(corpus: Corpus) -> None:
    """Another process stores something, and leaves a snapshot, while this one waits its turn."""
    stale = Corpus.objects.get()
    publish("Report 4", FLOOD_COST, day=4)
    process()
    cache._live.clear()
    assert snapshots.save(Corpus.objects.get(), LiveCorpus.read(Corpus.objects.get()))
    cache._read_in_turn(stale)
    assert cache._live["en"].n_read == 0


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    corpus: Corpus, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    settings.RELATED = {"SNAPSHOT_DIR": str(tmp_path / "file")}
    publish("Report 4", FLOOD_COST, day=4)
    with caplog.at_level(logging.WARNING):
        work()
        rebuilding.rebuild()
    assert Corpus.objects.get().n_documents == 4
    assert not snapshots.save(corpus, LiveCorpus.read(Corpus.objects.get()))


def test_a_loaded_copy_is_kept_for_the_next_publish(
    corpus: Corpus, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    live = cache.live_corpus(corpus)
    with django_assert_num_queries(0):
        assert cache.live_corpus(corpus) is live
