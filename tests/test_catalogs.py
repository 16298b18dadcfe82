"""The catalogs of words: complete, compiled, and true to the code. `make messages` writes them."""

from __future__ import annotations

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.programs import xgettext

ROOT = Path(__file__).parents[1]
LANGUAGES = ("de", "es", "fr")
PACKAGES = ("related", "newsroom")
PLACEHOLDER = re.compile(r"%\(\w+\)[.\d]*[a-z]")

Words = dict[str | tuple[str, int], str]  # a plural form by the singular and its number


def catalog(package: str, language: str, ending: str) -> Path:
    return ROOT / package / "locale" / language / "LC_MESSAGES" / f"django.{ending}"


def words_of(path: Path) -> Words:
    """What a compiled catalog translates; msgfmt leaves out what is empty or fuzzy."""
    with path.open("rb") as compiled:
        words: Words = dict(gettext.GNUTranslations(compiled)._catalog)  # type: ignore[attr-defined]
    words.pop("", None)  # its head
    return words


def compiled(po: Path, directory: Path) -> Words:
    target = directory / f"{po.parent.parent.name}.mo"
    subprocess.run(["msgfmt", "--check", po, "-o", target], check=True)
    return words_of(target)


def originals(words: Words) -> set[str]:
    return {key if isinstance(key, str) else key[0] for key in words}


@pytest.fixture(scope="module")
def in_the_code(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The words of each package as the code has them, extracted from a copy."""
    xgettext()  # says what to install
    found = {}
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    for package in PACKAGES:
        copy = tmp_path_factory.mktemp("words") / package
        shutil.copytree(ROOT / package, copy, ignore=shutil.ignore_patterns("locale", "*.pyc"))
        locale = copy / "locale"
        locale.mkdir()
        admin = Path(sys.executable).with_name("django-admin")
        extract = [admin, "makemessages", "--locale=de", "--verbosity=0"]
        subprocess.run(extract, cwd=copy, env=environment, check=True)
        empty = locale / "de" / "LC_MESSAGES" / "django.po"
        subprocess.run(["msgen", empty, "-o", locale / "filled.po"], check=True)
        subprocess.run(["msgfmt", locale / "filled.po", "-o", locale / "filled.mo"], check=True)
        found[package] = originals(words_of(locale / "filled.mo"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_every_word_of_the_code_is_translated(
    package: str, language: str, in_the_code: dict[str, set[str]]
) -> None:
    translated = originals(words_of(catalog(package, language, "mo")))
    assert in_the_code[package] - translated == set(), "run make messages and translate these"
    assert translated - in_the_code[package] == set(), "run make messages: these are gone"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_compiled_is_what_is_written(package: str, language: str, tmp_path: Path) -> None:
    written = compiled(catalog(package, language, "po"), tmp_path)
    assert words_of(catalog(package, language, "mo")) == written, "run make messages"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_has_the_placeholders_of_its_original(package: str, language: str) -> None:
    wrong = {}
    for key, translation in words_of(catalog(package, language, "mo")).items():
        original = key if isinstance(key, str) else key[0]
        same = sorted(PLACEHOLDER.findall(original)) == sorted(PLACEHOLDER.findall(translation))
        # Some stand in attributes of HTML, which a quote would end.
        if not same or ('"' in translation and '"' not in original):
            wrong[original] = translation
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_packages_say_the_same_for_the_same(language: str) -> None:
    """Django looks up a word in all catalogs: one translation would hide the other."""
    plugin, newsroom = (words_of(catalog(package, language, "mo")) for package in PACKAGES)
    shared = plugin.keys() & newsroom.keys()
    assert {key: plugin[key] for key in shared} == {key: newsroom[key] for key in shared}
