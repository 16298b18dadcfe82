"""Ids are stored: they must be the same in every release, process and machine."""

import os
import subprocess
import sys

import numpy as np
import pytest

from related.similarity.text.term_ids import pair_ids, word_id
from related.similarity.text.terms import count_terms


@pytest.mark.parametrize(
    ("stem", "expected"), [("bridge", 1547520), ("новост", 221671), ("北京", 895490)]
)
def test_word_ids(stem, expected):
    assert word_id(stem) == expected


def test_pair_ids():
    first, second = np.array([[0, 1, 4194303], [0, 2, 4194303]], np.uint32)
    assert pair_ids(first, second).tolist() == [7503909, 4599810, 5549338]


def test_counts_of_a_text():
    counts = count_terms("Harbor bridge", "The bridge reopens", "en")
    assert counts.term_ids.tolist() == [1653616, 2352839, 2775976, 5923363, 7498670]
    assert counts.counts.tolist() == [4, 1, 3, 1, 3]
    assert counts.words == ("bridge", "reopens", "harbor")


@pytest.mark.slow  # two fresh processes
def test_another_process_gets_the_same_ids():
    """Python's own hash() differs from process to process; ours must not."""
    program = (
        "from related.similarity.text.terms import count_terms;"
        "print(count_terms('Harbor bridge', 'The bridge reopens', 'en').term_ids.tolist())"
    )
    here = count_terms("Harbor bridge", "The bridge reopens", "en").term_ids.tolist()
    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.strip() == str(here)
