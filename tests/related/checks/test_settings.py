"""Checks of the settings by their ids, and settings, checks and documentation agreeing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from related import Source
from related.checks.settings import RANGES
from related.conf import DEFAULTS, FOLDERS, PARAMETERS, RECEIVERS
from related.conf import Settings as PluginSettings

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "docs" / "reference"
CHECKS_PAGE = (REFERENCE / "checks.md").read_text()
SETTINGS_PAGE = (REFERENCE / "settings.md").read_text()

BELOW = {name: allowed.minimum - 1 for name, allowed in RANGES.items()}
ABOVE = {name: allowed.maximum + 1 for name, allowed in RANGES.items()}


def found() -> list[str | None]:
    return [message.id for message in run_checks(tags=["related"])]


def test_this_project_passes() -> None:
    assert found() == []


def test_settings_must_be_a_dictionary(settings: Settings) -> None:
    settings.RELATED = ["CACHE_SECONDS"]
    assert found() == ["related.E001"]


def test_an_unknown_setting_is_named(settings: Settings) -> None:
    settings.RELATED = {"CACHE_SECOND": 3}
    [message] = run_checks(tags=["related"])
    assert message.id == "related.E002"
    assert "'CACHE_SECOND'" in message.msg


@pytest.mark.parametrize("name", DEFAULTS)
@pytest.mark.parametrize("values", [BELOW, ABOVE, dict.fromkeys(DEFAULTS, "3"),
                                    dict.fromkeys(DEFAULTS, True),
                                    dict.fromkeys(DEFAULTS, float("nan"))])  # fmt: skip
def test_every_setting_is_checked(settings: Settings, name: str, values: dict[str, Any]) -> None:
    settings.RELATED = {name: values[name]}
    assert found() == [RANGES[name].id]


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_ends_of_each_range_and_the_default_are_fine(settings: Settings, name: str) -> None:
    for value in (RANGES[name].minimum, RANGES[name].maximum, DEFAULTS[name]):
        settings.RELATED = {name: value}
        assert set(found()) <= {"related.W002", "related.W006"}


@pytest.mark.parametrize("folder", ["relative/path", 3, None])
def test_a_folder_is_an_absolute_path(settings: Settings, folder: object) -> None:
    settings.RELATED = {"SNAPSHOT_DIR": folder}
    assert found() == ["related.E121"]
    settings.RELATED = {"SNAPSHOT_DIR": "/var/cache/related"}
    assert found() == []


@pytest.mark.parametrize("names", ["id", ["id", ""], [1], {"id": True}, True])
def test_parameters_of_pages_are_a_list_of_names(settings: Settings, names: object) -> None:
    settings.RELATED = {"PAGE_PARAMETERS": names}
    assert found() == ["related.E122"]
    for fine in (None, [], ["id", "p"], ("id",)):
        settings.RELATED = {"PAGE_PARAMETERS": fine}
        assert found() == []


def test_long_caching_breaks_the_promise(settings: Settings) -> None:
    settings.RELATED = {"CACHE_SECONDS": 31}
    assert found() == ["related.W002"]
    settings.RELATED = {"CACHE_SECONDS": 30}
    assert found() == []


def test_a_setting_of_an_older_release_says_what_became_of_it(settings: Settings) -> None:
    settings.RELATED = {"LEASE_SECONDS": 20}
    [message] = run_checks(tags=["related"])
    assert message.id == "related.E002"
    assert "SILENCE_SECONDS" in str(message.hint)


def test_a_silence_is_longer_than_the_time_between_heartbeats(settings: Settings) -> None:
    settings.RELATED = {"SILENCE_SECONDS": 9}
    assert found() == ["related.W006"]
    settings.RELATED = {"SILENCE_SECONDS": 10}
    assert found() == []


def test_every_setting_has_a_property_a_check_and_a_line() -> None:
    properties = {
        name for name, value in vars(PluginSettings).items() if isinstance(value, property)
    }
    names = [*DEFAULTS, *FOLDERS, *PARAMETERS, *RECEIVERS]
    assert properties == {name.lower() for name in names}
    assert list(RANGES) == list(DEFAULTS)
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| `([^`]+)` \|", SETTINGS_PAGE, re.MULTILINE))
    assert rows.keys() >= DEFAULTS.keys()
    for name in (*FOLDERS, *RECEIVERS):
        assert f"| `{name}` | empty |" in SETTINGS_PAGE
    assert {name: float(rows[name]) for name in DEFAULTS} == DEFAULTS


def test_every_check_is_documented_and_every_documented_check_exists() -> None:
    checks = [*ROOT.glob("related/checks/*.py"), *ROOT.glob("related/contrib/*/checks.py")]
    code = "\n".join(file.read_text() for file in checks)
    ids = set(re.findall(r"related\.[EW]\d+", code))
    assert ids == set(re.findall(r"related\.[EW]\d+", CHECKS_PAGE))
    for name, allowed in RANGES.items():
        wanted = allowed.refuse(name, None).msg.split(" must be ")[1].removesuffix(", not None.")
        assert f"| `{allowed.id}` | `{name}` is not {wanted}." in CHECKS_PAGE


def test_every_registration_method_is_documented() -> None:
    methods = {
        name for name, value in vars(Source).items() if callable(value) and not name.startswith("_")
    }
    page = (REFERENCE / "registration.md").read_text()
    assert methods == set(re.findall(r"^\| `(\w+)\(", page, re.MULTILINE))
