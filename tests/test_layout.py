"""Where files stand and how long they are: tests mirror the domain, and no file grows for ever."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "related"
TESTS = ROOT / "tests" / "related"

LONGEST_TEST_FILE = 300
LONGEST_PRODUCT_FILE = 275  # the longest on the day that this was written: it may only fall


def packages(folder: Path) -> set[str]:
    return {file.parent.name for file in folder.glob("*/__init__.py")}


def longer_than(n_lines: int, files: Iterable[Path]) -> dict[str, int]:
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in files}
    assert len(lengths) > 50
    return {name: length for name, length in lengths.items() if length > n_lines}


def test_every_package_of_the_domain_has_its_folder_of_tests() -> None:
    assert packages(PLUGIN / "domain")
    assert packages(PLUGIN / "domain") <= packages(TESTS)


def test_every_folder_of_tests_is_of_a_package() -> None:
    assert packages(TESTS) <= packages(PLUGIN / "domain") | packages(PLUGIN)


def test_every_folder_of_tests_holds_tests() -> None:
    assert [name for name in packages(TESTS) if not list((TESTS / name).glob("test_*.py"))] == []


def test_no_test_file_is_too_long_to_answer_one_question() -> None:
    assert longer_than(LONGEST_TEST_FILE, (ROOT / "tests").rglob("*.py")) == {}


def test_no_product_file_grows_beyond_the_longest() -> None:
    files = [
        file
        for top in ("related", "newsroom")
        for file in (ROOT / top).rglob("*.py")
        if file.parent.name != "migrations"  # written by Django
    ]
    assert longer_than(LONGEST_PRODUCT_FILE, files) == {}
