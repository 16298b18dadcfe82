"""numba is imported when the first loop runs, and machine code is kept where that is possible."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # fresh processes, which compile for themselves

COUNT = "from related.similarity.text.terms import count_terms; count_terms('', 'storm', 'en')"


def python(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh process that has run to its end."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_process_that_compares_nothing_imports_nothing_for_it() -> None:
    program = (
        "import sys, related.similarity.warm_up;"
        "print({'numba', 'scipy', 'sklearn'} & sys.modules.keys())"
    )
    assert python(program).stdout == "set()\n"


@pytest.mark.parametrize("locator", ["UserProvidedCacheLocator", "ZipCacheLocator"])
def test_in_a_read_only_installation_without_a_home(tmp_path: Path, locator: str) -> None:
    """Machine code is kept in a folder of the user's own; or not at all, with a warning."""
    environment = {
        "NUMBA_CACHE_DIR": "",
        "NUMBA_CACHE_LOCATOR_CLASSES": locator,
        "TMPDIR": str(tmp_path),
    }
    program = (
        "import numpy, numba; from related.similarity.text.loops import terms_at_places;"
        "print(terms_at_places(numpy.array([7], numpy.uint32), 0), repr(numba.config.CACHE_DIR))"
    )
    done = python(program, **environment)
    assert done.stdout == "[7340032] ''\n", done.stderr
    kept = list(tmp_path.rglob("*.nbc"))
    assert bool(kept) == (locator == "UserProvidedCacheLocator")
    assert ("set NUMBA_CACHE_DIR" in done.stderr) == (not kept)
    if kept:
        [folder] = tmp_path.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700


def test_machine_code_that_somebody_else_may_write_is_not_run(tmp_path: Path) -> None:
    folder = tmp_path / f"related-machine-code-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    done = python(
        COUNT,
        NUMBA_CACHE_DIR="",
        NUMBA_CACHE_LOCATOR_CLASSES="UserProvidedCacheLocator",
        TMPDIR=str(tmp_path),
    )
    assert done.returncode == 0
    assert list(folder.iterdir()) == []
