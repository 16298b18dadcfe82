"""The host's snapshot: what is read from it, what replaces it when it is damaged or stale."""

from __future__ import annotations

import json
import logging
import resource
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pytest_django import Settings

from related.domain.corpus import snapshots
from related.domain.corpus.cache import CorpusCache
from related.domain.corpus.live import LiveCorpus
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.models import Corpus, Neighbors
from tests.related.corpus.copies import Contents, contents
from tests.related.stories import BAKERY, FLOOD, FLOOD_COST, FLOOD_UPDATE, publish, suggested, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.RELATED = {"SNAPSHOT_DIR": str(tmp_path)}
    return tmp_path


@pytest.fixture
def corpus(folder: Path) -> Corpus:
    """A corpus with a snapshot of it."""
    for n, text in enumerate([FLOOD, BAKERY, FLOOD_UPDATE]):
        publish(f"Report {n}", text, day=n)
    work()
    rebuilding.rebuild()
    corpus = Corpus.objects.get()
    with snapshots.turn(corpus):
        assert snapshots.save(corpus, LiveCorpus.read(corpus).parts)
    return corpus


def epochs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/epoch-*"))


def from_the_database(corpus: Corpus, folder: Path) -> Contents:
    shutil.rmtree(folder)
    folder.mkdir()
    return contents(LiveCorpus.read(corpus))


def test_a_snapshot_holds_what_the_database_holds(corpus: Corpus, folder: Path) -> None:
    parts = snapshots.load(corpus)
    assert parts is not None
    assert parts.version == corpus.version
    assert parts.statistics.n_documents == 3
    assert len(parts.index) == len(parts.lists) == 3
    assert contents(LiveCorpus.read(corpus)) == from_the_database(corpus, folder)


def test_only_what_came_later_is_read_from_the_database(corpus: Corpus, folder: Path) -> None:
    Neighbors.objects.filter(version__lte=corpus.version).update(neighbor_ids=b"", similarities=b"")
    late = publish("Report 4", FLOOD_COST, day=4)
    process(cache=CorpusCache())
    assert set(suggested(late, "previous")) == {"Report 0", "Report 2"}
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


def age(epoch: Path) -> None:
    """As the release before wrote it, whose lists knew nothing of titles."""
    (epoch / "neighbors.titles.npy").unlink()
    manifest = json.loads((epoch / snapshots.MANIFEST).read_text())
    del manifest["files"]["neighbors.titles.npy"]
    (epoch / snapshots.MANIFEST).write_text(json.dumps(manifest | {"format": 6}))


@pytest.mark.parametrize("damage", [cut, flip, alter, lose, scribble, garble, age])
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
    """As where a folder was copied, or its name says too little."""
    [epoch] = epochs(folder)
    token, corpus.token = str(corpus.token), uuid.uuid4()
    stolen = epoch.parent.with_name(epoch.parent.name.replace(token, str(corpus.token)))
    epoch.parent.rename(stolen)
    assert len(epochs(folder)) == 1
    assert snapshots.load(corpus) is None


def test_a_snapshot_ahead_of_a_restored_database_is_not_used(corpus: Corpus) -> None:
    corpus.version -= 1
    assert snapshots.load(corpus) is None


def test_a_folder_that_cannot_be_written_is_logged(
    corpus: Corpus, folder: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "file").write_text("in the way")
    settings.RELATED = {"SNAPSHOT_DIR": str(folder / "file")}
    with caplog.at_level(logging.WARNING):
        assert not snapshots.save(corpus, LiveCorpus.read(corpus).parts)
    assert "snapshot not written" in caplog.text


def test_a_full_disk_leaves_nothing_half_written(
    corpus: Corpus, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveCorpus.read(corpus)
    [epoch] = epochs(folder)
    shutil.rmtree(epoch)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, limits[1]))
        with caplog.at_level(logging.WARNING):
            assert not snapshots.save(corpus, live.parts)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "snapshot not written" in caplog.text
    assert [path.name for path in epoch.parent.iterdir()] == ["lock"]
