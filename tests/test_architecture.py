"""docs/explanation/architecture.md: every package in its table, and what each may import."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text()
TABLE = re.findall(r"^\| `(related/[\w/]+)/` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
FOLDERS = ["related", "related/domain", "related/similarity"]


def packages(folder: str) -> set[str]:
    return {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}


def siblings_imported(package: Path) -> set[str]:
    """The packages beside this one from which its modules import."""
    beside = ".".join(package.parent.relative_to(ROOT).parts)
    imported = set()
    for file in package.glob("**/*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            imported |= {
                name.removeprefix(f"{beside}.").split(".")[0]
                for name in names
                if name.startswith(f"{beside}.")
            }
    return (imported & packages(str(package.parent.relative_to(ROOT)))) - {package.name}


def test_the_table_names_every_package_once() -> None:
    named = [path for path, _, _ in TABLE]
    there = {f"{folder}/{name}" for folder in FOLDERS for name in packages(folder)}
    assert len(named) == len(set(named))
    assert set(named) == there


@pytest.mark.parametrize(("path", "may_import"), [(path, last) for path, _, last in TABLE])
def test_a_package_imports_what_the_table_allows(path: str, may_import: str) -> None:
    allowed = set(re.findall(r"`(\w+)`", may_import))
    assert allowed or may_import == "nothing"
    assert siblings_imported(ROOT / path) <= allowed


def test_files_that_the_page_names_exist() -> None:
    named = set(re.findall(r"`([\w/]+\.py)`", PAGE))
    assert "receivers.py" in named
    assert {name for name in named if not (ROOT / "related" / name).is_file()} == set()
