"""A short form of `python -m benchmarks.fuzz_imports`, and what it found."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from benchmarks.fuzz_imports import Figures, fuzz
from benchmarks.fuzzing.exports import Export, sample_exports
from benchmarks.fuzzing.importing import Importing

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_damaged_exports(tmp_path: Path) -> None:
    figures = Figures()
    importing = Importing(tmp_path / "export")
    fuzz(importing, sample_exports(), figures, n_cases=60, n_growing=1, with_seed=1)
    assert figures.counts["cases"] >= 60
    assert figures.counts["articles"] > 60


@pytest.mark.parametrize("export", sample_exports(), ids=lambda export: export.name)
def test_an_export_that_is_whole_goes_in(export: Export, tmp_path: Path) -> None:
    outcome = Importing(tmp_path / "export").run(export.content, is_repeated=True)
    outcome.check(len(export.ends))
    assert (outcome.counts["articles"], outcome.refusals) == (5, [])


def test_a_damaged_lzma_archive_is_refused_in_words(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a", sample_exports()[0].content)
    packed = bytearray(out.getvalue())
    packed[33] = 0  # of the properties that the decompressor begins with
    outcome = Importing(tmp_path / "export").run(bytes(packed))
    [refusal] = outcome.refusals
    assert "damaged" in refusal.reason


def test_a_name_without_end_takes_no_longer_than_another(tmp_path: Path) -> None:
    """A tag that never ends was tried with every shorter name: the square of its length."""
    head = b'<?xml version="1.0"?>\n<rss version="2.0">\n<channel>'
    name = b":" * 180_000
    outcome = Importing(tmp_path / "export").run(head + b"<a" + name)
    assert outcome.seconds < 2
