"""Each site in a process of its own: its settings are no settings of the newsroom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITES = ROOT / "tests" / "sites"


def run(*arguments: str, site: str) -> subprocess.CompletedProcess[str]:
    settings = f"tests.sites.{site}.settings"
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": settings},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow  # a process with a database of its own
@pytest.mark.timeout(300)
@pytest.mark.parametrize("site", sorted(path.parent.name for path in SITES.glob("*/walk.py")))
def test_the_walk_through_a_site(site: str) -> None:
    options = [
        "-q",
        f"--confcutdir=tests/sites/{site}",  # no fixtures but its own
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-p",
        "no:xdist",
        "-o",
        "python_files=walk*.py",
    ]
    done = run("-m", "pytest", *options, f"tests/sites/{site}", site=site)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("site", "id_", "names"),
    [
        ("elsewhere", "related.E005", "pages.Story is read from the database 'archive'"),
        ("unsupported", "related.E006", "'default', a database of the kind MariaDB"),
    ],
)
def test_what_check_refuses(site: str, id_: str, names: str) -> None:
    done = run("-m", "django", "check", site=site)
    assert done.returncode == 1
    assert id_ in done.stderr
    assert names in done.stderr
    assert "Traceback" not in done.stderr
