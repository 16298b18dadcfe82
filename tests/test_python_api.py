"""The public names of the plugin are those that its Python API page describes."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

import related
from related.templatetags import related as tags

ROOT = Path(__file__).parents[1]
[PAGE] = [file.read_text() for file in (ROOT / "docs").rglob("python.md")]
SITE = (ROOT / "tests" / "typing" / "site.py").read_text()

# "## `module`" and "### `name`" -> the text below, up to the next heading.
SECTIONS = dict(re.findall(r"^## `([\w.]+)`\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
NAMES = {
    (module, name): text
    for module, section in SECTIONS.items()
    for name, text in re.findall(
        r"^### `(\w+)`\n(.*?)(?=^### |\Z)", section, re.MULTILINE | re.DOTALL
    )
}
ANYWHERE = re.findall(r"^\| \[`([\w.]+)`\].*\| anywhere \|$", PAGE, re.MULTILINE)
BLOCKS = re.findall(r"^```python\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL)
SIGNATURE = re.compile(r"(?:def|class) .*[^:]")  # of one line, without a body


def public_modules() -> set[str]:
    """What the import contract lets the newsroom use."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [allowed] = [
        contract["ignore_imports"]
        for contract in contracts["contracts"]
        if contract.get("source_modules") == ["newsroom"]
    ]
    return {each.removeprefix("newsroom.** -> ") for each in allowed}


def signature_of(name: str, value: Any) -> str:
    if inspect.isclass(value):
        bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
        return f"class {name}({bases})" if bases else f"class {name}"
    signature = str(inspect.signature(value)).replace("'", "")
    # As callers see it: the decorator makes a context manager of the iterator.
    return f"def {name}{signature}".replace("Iterator[None]", "AbstractContextManager[None]")


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", dedent(code)],
        cwd=folder,
        env={"PYTHONPATH": f"{ROOT}:{folder}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_describes_the_modules_that_the_import_contract_allows() -> None:
    assert set(SECTIONS) == public_modules()
    assert set(re.findall(r"^\| \[`([\w.]+)`\]", PAGE, re.MULTILINE)) == public_modules()


@pytest.mark.parametrize("module", SECTIONS)
def test_every_public_name_is_described(module: str) -> None:
    assert import_module(module).__doc__
    described = {name for where, name in NAMES if where == module}
    assert described == set(import_module(module).__all__)


@pytest.mark.parametrize(("module", "name"), NAMES, ids=lambda part: part)
def test_signature_docstring_and_errors_are_what_the_page_says(module: str, name: str) -> None:
    value = getattr(import_module(module), name)
    if not callable(value):  # the signal, the permissions, the addresses
        return
    assert f"```python\n{signature_of(name, value)}\n```" in NAMES[module, name]
    assert value.__doc__
    raised = re.findall(r"^ +(\w+): ", value.__doc__.partition("Raises:")[2], re.MULTILINE)
    assert all(f"`{error}`" in NAMES[module, name] for error in raised)


def test_every_method_of_a_source_says_what_it_is_for() -> None:
    methods = [value for name, value in vars(related.Source).items() if name[0] != "_"]
    assert all(method.__doc__ for method in methods if callable(method))


def test_the_examples_are_those_that_mypy_checks() -> None:
    examples = [block for block in BLOCKS if not SIGNATURE.fullmatch(block)]
    assert len(examples) > len(SECTIONS)
    assert SITE.partition('"""\n\n')[2] == "\n\n\n".join(examples) + "\n"


@pytest.mark.parametrize("module", ANYWHERE)
def test_it_can_be_imported_before_django_is_set_up(module: str, tmp_path: Path) -> None:
    names = ", ".join(import_module(module).__all__)
    code = f"from {module} import {names}; import sys; print('related.models' in sys.modules)"
    assert run(code, tmp_path) == "False\n"


def test_models_may_import_it_whatever_the_order_of_the_apps(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "models.py").write_text(
        "from django.db import models\n"
        "from related import bulk_changes, mark_changed\n"
        "class Story(models.Model):\n"
        "    title = models.CharField(max_length=100)\n"
    )
    (shop / "related_sources.py").write_text(
        "from related import Source, register\n"
        "from shop.models import Story\n"
        "@register(Story)\n"
        "class StorySource(Source): ...\n"
    )
    code = """
        import django
        from django.conf import settings
        settings.configure(INSTALLED_APPS=[
            "shop", "django.contrib.contenttypes", "django.contrib.auth", "related"])
        django.setup()
        from related.registry import registered
        from shop.models import mark_changed
        import related
        print(*(model.__name__ for model in registered()), mark_changed is related.mark_changed)
    """
    assert run(code, tmp_path) == "Story True\n"


def test_every_template_tag_is_described() -> None:
    [page] = [file.read_text() for file in (ROOT / "docs").rglob("templates.md")]
    described = set(re.findall(r"^\| `(related_\w+) obj", page, re.MULTILINE))
    assert described == set(tags.register.tags)
    assert tags.register.filters == {}
