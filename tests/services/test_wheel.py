"""What `pip install` of this folder brings to a site, built as pip builds it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from email.parser import BytesParser
from pathlib import Path
from zipfile import ZipFile

import pytest

import related

ROOT = Path(__file__).parents[2]
PYPROJECT = ("pyproject.toml", "README.md", "LICENSE")  # and what it names


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    """Built from a copy: setuptools leaves its own files beside the sources."""
    copy = tmp_path_factory.mktemp("source")
    for name in PYPROJECT:
        shutil.copy(ROOT / name, copy)
    made = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "related", copy / "related", ignore=made)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", str(copy)]
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [file] = folder.glob("*.whl")
    return ZipFile(file)


def test_it_holds_every_file_of_the_plugin_and_nothing_else(wheel: ZipFile) -> None:
    sources = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "related").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == sources
    for needed in (
        "related/py.typed",
        "related/templates/related/slot.html",
        "related/static/related/related-links.js",
        "related/migrations/0001_initial.py",
    ):
        assert needed in packed


def test_it_says_its_version_its_license_and_that_it_is_typed(wheel: ZipFile) -> None:
    [name] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = BytesParser().parsebytes(wheel.read(name))
    assert metadata["Version"] == related.__version__
    assert metadata["License-Expression"] == "BSD-3-Clause"
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])
    assert name.replace("METADATA", "licenses/LICENSE") in wheel.namelist()
