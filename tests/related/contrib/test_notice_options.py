"""What ``manage.py check`` finds wrong with the receivers of notices."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from related.contrib.notices.options import read_receiver

SECRET = "whsec_" + "c2VjcmV0" * 6
HOOK = {"kind": "webhook", "url": "https://example.org/hook", "secret": SECRET}
FASTLY = {"kind": "fastly", "service": "S1", "token": "t"}
EDGE = {"kind": "cloudflare", "zone": "Z1", "token": "t"}


def ids(settings: Settings, notices: Any) -> list[str]:
    settings.RELATED = {"NOTICES": notices}
    found = [message.id or "" for message in run_checks(tags=["related"])]
    return [each for each in found if each in {"related.E123", "related.E124", "related.W010"}]


@pytest.mark.parametrize(
    "options",
    [
        *(HOOK, FASTLY, EDGE),
        HOOK | {"url": "http://127.0.0.1:8080/hook"},
        HOOK | {"secret": [SECRET, SECRET]},
        FASTLY | {"soft": True, "url": "http://localhost/"},
    ],
)
def test_a_good_receiver_passes(settings: Settings, options: dict[str, Any]) -> None:
    assert ids(settings, {"one": options}) == []


@pytest.mark.parametrize(
    "options",
    [
        *(None, {}, {"kind": "fax"}, {"kind": ["webhook"]}),
        HOOK | {"url": "http://example.org/hook"},
        *(HOOK | {"url": url} for url in ("", "ftp://example.org", "https://", "https://[", 5)),
        HOOK | {"url": "https://example.org/a b"},
        *(HOOK | {"secret": secret} for secret in ("", "secret", "whsec_c2VjcmV0", "whsec_?", [])),
        HOOK | {"token": "t"},
        *(FASTLY | {"soft": 1}, FASTLY | {"token": "a\nb"}, EDGE | {"zone": "../x y"}),
        {"kind": "cloudflare", "zone": "Z1"},
    ],
)
def test_a_wrong_one_is_named(settings: Settings, options: Any) -> None:
    assert ids(settings, {"one": options}) == ["related.E124"]


def test_what_is_no_dictionary_and_what_nobody_sends(settings: Settings) -> None:
    assert ids(settings, ["https://example.org"]) == ["related.E123"]
    settings.INSTALLED_APPS = [a for a in settings.INSTALLED_APPS if not a.endswith(".notices")]
    assert "related.W010" in ids(settings, {"one": HOOK})


def test_a_token_is_in_no_traceback() -> None:
    for options in (FASTLY | {"token": "hush"}, EDGE | {"token": "hush"}, HOOK):
        shown = repr(read_receiver("one", options))
        assert "hush" not in shown
        assert "secret" not in shown
