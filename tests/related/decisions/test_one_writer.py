"""Nothing but ``decisions/writing.py`` writes decisions and their log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DECISIONS = ROOT / "related" / "domain" / "decisions"
WRITERS = {DECISIONS / "writing.py", DECISIONS / "writing_many.py"}

MODELS = {"Decision", "DecisionLog"}
# By which other rows lead to decisions.
RELATIONS = {"decisions", "decided_for", "decision_log"}
WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update"),
    *("acreate", "abulk_create", "aget_or_create", "aupdate_or_create", "aupdate", "abulk_update"),
    *("save", "asave", "delete", "adelete", "insert_rows"),
}


def writes(source: str) -> Iterator[str]:
    """Every line that makes, changes or deletes a decision or an entry of the log."""
    tree = ast.parse(source)
    holders = _names_of_rows(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        made = _name(node.func) in MODELS
        called = _name(node.func) in WRITES
        subjects = [node.func.value] if isinstance(node.func, ast.Attribute) else node.args
        if made or (called and any(_is_about(subject, holders) for subject in subjects)):
            yield f"{node.lineno}: {ast.unparse(node)}"


def _names_of_rows(tree: ast.AST) -> set[str]:
    """Variables that were given decisions or a query of them."""
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                pass
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                targets = [target]
            case ast.NamedExpr(target=target, value=value):
                targets = [target]
            case _:
                continue
        if _is_about(value, names):
            names |= {
                each.id for t in targets for each in ast.walk(t) if isinstance(each, ast.Name)
            }
    return names


def _is_about(node: ast.AST, holders: set[str]) -> bool:
    """Whether an expression starts from the models, a relation to them, or such a variable."""
    while True:
        match node:
            case ast.Attribute(attr=name) if name in RELATIONS:
                return True
            case ast.Attribute(value=inner) | ast.Subscript(value=inner):
                node = inner
            case ast.Call(func=ast.Name(), args=[inner, *_]):  # list(...), sorted(...)
                node = inner
            case ast.Call(func=inner):
                node = inner
            case ast.Name(id=name):
                return name in MODELS | holders
            case _:
                return False


def _name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def product_files() -> list[Path]:
    found = [path for name in ("related", "newsroom") for path in (ROOT / name).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts and path not in WRITERS]


def test_decisions_have_one_writer() -> None:
    files = product_files()
    assert len(files) > 100
    found = {str(path.relative_to(ROOT)): list(writes(path.read_text())) for path in files}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_writer_itself_would_be_found() -> None:
    found = [line for path in WRITERS for line in writes(path.read_text())]
    assert len(found) >= 6


@pytest.mark.parametrize(
    "line",
    [
        "Decision.objects.create(document=d)",
        "Decision.objects.bulk_create([])",
        "Decision(document=d).save()",
        "DecisionLog.objects.bulk_create(rows)",
        "Decision.objects.approved().filter(slot=s).update(verdict='open')",
        "rows = Decision.objects.filter(slot=s)\nrows.exclude(pk=1).update(note='')",
        "decision, _ = Decision.objects.get_or_create(slot=s)",
        "for decision in Decision.objects.all():\n    decision.save()",
        "document.decisions.update(verdict='open')",
        "document.decision_log.create(action='pin')",
        "insert_rows(DecisionLog, ['note'], rows)",
    ],
)
def test_any_other_writer_would_be_found(line: str) -> None:
    assert list(writes(line))


@pytest.mark.parametrize(
    "line",
    [
        "Decision.objects.filter(slot=s).exists()",
        "Slot.objects.update(is_active=False)",
        "seen.update(Decision.objects.values_list('pk'))",
    ],
)
def test_reading_is_nobodys_business(line: str) -> None:
    assert not list(writes(line))
