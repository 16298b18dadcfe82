"""No test patches the project's own code.

What must vary in a test is an argument, a setting, or the site's own code; failures are injected
at the database, the broker and the file system. A patch tests a product that nobody runs.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

PATCHING = {"setattr", "setitem", "delattr", "delitem"}  # of pytest's MonkeyPatch
OURS = ("related", "newsroom")


def patches(code: ast.Module) -> Iterator[int]:
    """Lines that patch something of ours, or something that is not seen to be of somebody else."""
    imported = {
        (name.asname or name.name).partition(".")[0]: getattr(node, "module", None) or name.name
        for node in ast.walk(code)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    imported["settings"] = "django.conf"  # or pytest-django's fixture
    for node in ast.walk(code):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if is_patch(node.func) and is_ours(node.args[0], imported):
            yield node.lineno


def is_patch(function: ast.expr) -> bool:
    """``monkeypatch.setattr`` under any name, ``mock.patch``, ``mock.patch.object``."""
    match function:
        case ast.Attribute(attr=attr) if attr in PATCHING:
            return True
        case ast.Name(id="patch") | ast.Attribute(attr="patch"):
            return True
        case ast.Attribute(value=parent, attr="object" | "dict" | "multiple"):
            return is_patch(parent)
    return False


def is_ours(target: ast.expr, imported: dict[str, str]) -> bool:
    if isinstance(target, ast.Constant):
        return str(target.value).startswith(OURS)
    names = [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]
    return any(imported.get(name, "related").startswith(OURS) for name in names)


def found() -> Counter[str]:
    files = {
        str(file.relative_to(ROOT)): ast.parse(file.read_text())
        for file in sorted((ROOT / "tests").rglob("*.py"))
    }
    return +Counter({name: len(list(patches(code))) for name, code in files.items()})


def test_no_test_patches_our_own_code() -> None:
    assert found() == {}


def test_patches_are_recognized() -> None:
    code = """
from unittest import mock
import sys
from django.db import connection
from related.domain import transactions

monkeypatch.setattr(transactions, "sleep", list.append)
monkeypatch.setattr("related.admin.queue.PAGE_SIZE", 1)
patch.setitem(transactions.__dict__, "sleep", None)
mock.patch.object(transactions, "sleep")
mock.patch("newsroom.articles.views.N_SECTIONS", 1)
monkeypatch.setattr(some_local_name, "delay", print)

monkeypatch.setattr(sys, "stdin", None)
monkeypatch.setattr("sys.stdin", None)
monkeypatch.setattr(connection, "vendor", "postgresql")
monkeypatch.setenv("PATH", "")
setattr(transactions, "sleep", None)
mock.patch("django.utils.timezone.now")
"""
    lines = code.splitlines()
    assert [lines[line - 1].partition("(")[0] for line in patches(ast.parse(code))] == [
        "monkeypatch.setattr",
        "monkeypatch.setattr",
        "patch.setitem",
        "mock.patch.object",
        "mock.patch",
        "monkeypatch.setattr",
    ]
    assert max(patches(ast.parse(code))) < lines.index('monkeypatch.setattr(sys, "stdin", None)')
