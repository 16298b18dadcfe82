"""Snapshots: what a host keeps of a corpus in files, mapped into memory by all of its processes.

The database is the truth and can always replace a snapshot. One is an *epoch*: a folder of
``.npy`` files and a manifest, written aside and renamed into place, never changed afterwards. A
process maps the epoch of the generation that is served and reads only what was stored after it.
On Linux a deleted epoch lives on for those who have mapped it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any

from django.db import connection

from related.conf import conf
from related.models import Corpus
from related.similarity.index.search import Index
from related.similarity.index.statistics import TermStatistics
from related.similarity.lists.neighbors import NeighborLists
from related.similarity.passages.index import PassageIndex
from related.similarity.stories.stories import Stories

logger = logging.getLogger(__name__)

# Raise it whenever the files of an older release cannot be read any more.
FORMAT = 7
MANIFEST = "manifest.json"
BYTES_AT_ONCE = 1 << 24
SECONDS_BETWEEN_LOOKS = 0.1


@dataclass(frozen=True, slots=True)
class Parts:
    """What a corpus consists of in memory, as of a version of a generation."""

    generation: int
    version: int
    statistics: TermStatistics
    index: Index
    lists: NeighborLists
    stories: Stories
    passages: PassageIndex


def load(corpus: Corpus) -> Parts | None:
    """The parts of the newest usable epoch; None: read the database.

    An epoch that is damaged or belongs to another database or generation is logged and passed over.
    """
    for epoch in _epochs(corpus):
        try:
            version = _check(epoch, corpus)
            statistics = TermStatistics.load(epoch)
            index = Index.load(epoch, statistics)
            lists = NeighborLists.load(epoch)
            stories = Stories.load(epoch)
            passages = PassageIndex.load(epoch)
            generation = corpus.generation
            return Parts(generation, version, statistics, index, lists, stories, passages)
        except (ValueError, OSError) as error:
            logger.warning("snapshot not used", extra={"folder": str(epoch), "reason": str(error)})
    return None


def save(corpus: Corpus, parts: Parts) -> bool:
    """Write an epoch and delete the older ones, in this process's ``turn``.

    A folder that cannot be written (a full disk) costs speed, not correctness: it is logged, and
    the answer is False.
    """
    folder = _folder(corpus)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        old = [path for path in folder.iterdir() if path.is_dir()]
        aside = _write(folder, corpus, parts)
        # Zeros, so that names sort as the numbers do. One of the same name may be damaged.
        epoch = folder / f"epoch-{parts.generation:010}-{parts.version:020}"
        shutil.rmtree(epoch, ignore_errors=True)
        aside.rename(epoch)
        for path in old:
            if path != epoch:
                shutil.rmtree(path, ignore_errors=True)
    except OSError as error:
        logger.warning("snapshot not written", extra={"folder": str(folder), "reason": str(error)})
        return False
    return True


def _write(folder: Path, corpus: Corpus, parts: Parts) -> Path:
    """A complete folder beside the epochs, which nobody looks for yet."""
    aside = Path(tempfile.mkdtemp(prefix="new-", dir=folder))
    try:
        parts.statistics.save(aside)
        parts.index.save(aside)
        parts.lists.save(aside)
        parts.stories.save(aside)
        parts.passages.save(aside)
        manifest = {
            "format": FORMAT,
            "token": str(corpus.token),
            "language": corpus.language,
            "generation": parts.generation,
            "version": parts.version,
            "files": {path.name: _fingerprint(path) for path in sorted(aside.glob("*.npy"))},
        }
        (aside / MANIFEST).write_text(json.dumps(manifest, indent=1))
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return aside


def _check(epoch: Path, corpus: Corpus) -> int:
    """The version of an epoch; ValueError when it is damaged, foreign or of another generation."""
    manifest: dict[str, Any] = json.loads((epoch / MANIFEST).read_text())
    expected = {
        "format": FORMAT,
        "token": str(corpus.token),
        "language": corpus.language,
        "generation": corpus.generation,
    }
    for name, value in expected.items():
        if manifest.get(name) != value:
            raise ValueError(f"its {name} is {manifest.get(name)!r}, not {value!r}")
    version = int(manifest["version"])
    if version > corpus.version:
        raise ValueError(f"its version {version} is ahead of the database's {corpus.version}")
    for name, fingerprint in manifest["files"].items():
        if _fingerprint(epoch / name) != fingerprint:
            raise ValueError(f"{name} is damaged")
    return version


def _fingerprint(path: Path) -> list[int]:
    """[size in bytes, CRC-32]; gigabytes take seconds, and the pages are needed anyway."""
    checksum = 0
    with path.open("rb") as file:
        while part := file.read(BYTES_AT_ONCE):
            checksum = zlib.crc32(part, checksum)
    return [path.stat().st_size, checksum]


def _folder(corpus: Corpus) -> Path:
    """A folder per database and corpus: a copy of a database has the tokens of its original."""
    database = connection.settings_dict
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    digest = hashlib.sha256(place.encode()).hexdigest()[:12]
    return Path(conf.snapshot_dir) / f"{digest}-{corpus.token}-{corpus.pk}"


def _epochs(corpus: Corpus) -> list[Path]:
    """The epochs of a corpus, the newest first; none in a folder that belongs to somebody else."""
    folder = _folder(corpus)
    try:
        if folder.stat().st_uid != os.getuid():
            logger.warning("snapshot not used", extra={"reason": f"{folder} is not ours"})
            return []
        return sorted(folder.glob("epoch-*"), reverse=True)
    except OSError:
        return []


@contextmanager
def turn(corpus: Corpus, *, seconds: float = 0.0) -> Iterator[bool]:
    """One process of a host at a time writes snapshots of a corpus, or reads it to write one.

    Yields whether it is this one's turn, after up to ``seconds`` of waiting for another's to end
    (that of a process which dies ends with it). Where the folder cannot be written there is
    nobody to wait for.
    """
    folder = _folder(corpus)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("w")
    except OSError:
        yield True
        return
    with lock:
        yield _has_locked(lock, seconds)


def _has_locked(lock: IO[str], seconds: float) -> bool:
    deadline = monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= deadline:
                return False
            sleep(SECONDS_BETWEEN_LOOKS)
        except OSError:  # a file system without locks
            return True
        else:
            return True
