"""Real feeds and WordPress exports, where they are at hand: each is read, or says why not."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from related.contrib.importing.archives import Archive, ArchiveError, Refusal, Row

FEEDS = Path(__file__).parents[4] / "shared" / "feeds"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FEEDS.is_dir(), reason="the collected feeds are not here"),
]
# Beside licenses: a page that says where a feed has moved, and an empty document.
NO_FEEDS = {"LICENSE", "unrecognized.rss", "rss_empty_document.xml"}
REFUSED = {
    "the file ends within this item",
    "it says neither what kind of post it is nor its status",
    "it refers to &id;, which the file declares: such are not expanded",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("feeds")
    for packed in FEEDS.glob("*.tar.gz"):
        with tarfile.open(packed) as archive:
            archive.extractall(path, filter="data")
    return path


def outcome(path: Path) -> str:
    """ "read", "empty", "partly", "refused" or "no feed"."""
    try:
        with Archive(str(path)) as archive:
            found = list(archive)
    except ArchiveError:
        assert path.name in NO_FEEDS
        return "no feed"
    reasons = {each.reason for each in found if isinstance(each, Refusal)}
    assert reasons <= REFUSED
    has_rows = any(isinstance(each, Row) for each in found)
    if reasons:
        return "partly" if has_rows else "refused"
    return "read" if has_rows else "empty"


def test_feeds_and_exports_of_real_sites() -> None:
    files = [path for path in FEEDS.rglob("*") if path.is_file() and path.suffix != ".gz"]
    assert len(files) > 60
    outcomes = [outcome(path) for path in files]
    assert outcomes.count("read") >= 57
    assert outcomes.count("partly") + outcomes.count("refused") <= 3


def test_the_files_that_feedparser_is_tested_with(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    outcomes = [outcome(path) for path in files]
    if files:
        assert outcomes.count("read") >= 1_190
        assert outcomes.count("refused") <= 2


def test_all_of_them_as_one_archive() -> None:
    with Archive(str(FEEDS)) as archive:
        found = list(archive)
    assert sum(isinstance(each, Row) for each in found) > 2_500
    assert archive.done == archive.total
