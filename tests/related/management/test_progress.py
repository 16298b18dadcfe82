"""Bars of a rebuild: a rate per document only where documents are done one block after another."""

from __future__ import annotations

import time

import pytest

from related.management.progress import PhaseBar


def last_lines(written: str) -> list[str]:
    """How each bar looked at the end."""
    return [line.rsplit("\r", 1)[-1].strip() for line in written.strip().split("\n")]


def test_a_whole_step_shows_the_time_that_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    with PhaseBar() as bar:
        time.sleep(1.1)
        bar("counting terms (en)", 1, 1)
    [line] = last_lines(capsys.readouterr().err)
    assert line.startswith("counting terms (en): 100%")
    assert "[00:01]" in line
    assert "doc" not in line


def test_blocks_show_how_many_documents_are_done_and_how_quickly(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with PhaseBar() as bar:
        for n_done in (500, 1000, 1000):
            time.sleep(0.3)
            bar("finding neighbors (en)", n_done, 1000)
        bar("switching over (en)", 1000, 1000)
    first, second = last_lines(capsys.readouterr().err)
    assert "1000/1000" in first
    rate = float(first.rsplit(", ", 1)[1].removesuffix(" documents/s]"))
    assert rate < 1000 / 0.6  # the time of the first block counts as well
    assert "doc" not in second
