"""Freed arrays go back to the system, where the C library would keep their place."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import os, sys
from pathlib import Path
import numpy as np
from related.similarity.allocator import LARGE, give_back_large_arrays

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

if sys.argv[1] == "given back":
    assert give_back_large_arrays()
first = np.ones(4 * LARGE, np.uint8)
del first  # glibc takes this as the size of a large array from now on
before = resident()
large, small = [], []
for _ in range(20):
    large.append(np.ones(2 * LARGE, np.uint8))
    small.append(np.ones(32_768))  # larger than any hole that imports left in the heap
large.clear()
print((resident() - before) // LARGE)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of glibc")
@pytest.mark.parametrize(("way", "is_kept"), [("given back", False), ("as it is", True)])
def test_what_is_kept_of_freed_arrays(way: str, is_kept: bool) -> None:
    run = [sys.executable, "-c", SCRIPT, way]
    kept = int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)
    if is_kept:
        assert kept >= 30
    else:
        assert kept <= 2
