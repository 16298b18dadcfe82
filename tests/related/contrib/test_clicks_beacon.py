"""``POST /api/v1/clicks/``: what is counted, what is not, and that nobody waits for anything."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from related.contrib.clicks.checks import check_clicks
from related.contrib.clicks.conf import DEFAULTS
from related.contrib.clicks.events import MAX_BYTES, MAX_EVENTS
from related.contrib.clicks.flushing import counter
from related.contrib.clicks.pending import Counts
from related.contrib.clicks.readers import MACHINES

DOCS = Path(__file__).parents[3] / "docs"
ADDRESS = "/api/v1/clicks/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LINK = ["newsroom.article:1", "related", 1, "newsroom.article:2"]


def send(beacon: Any, **headers: str) -> Any:
    body = beacon if isinstance(beacon, bytes) else orjson.dumps(beacon)
    sent = {"User-Agent": FIREFOX, **headers}
    client = Client(enforce_csrf_checks=True)
    return client.post(ADDRESS, body, content_type="text/plain;charset=UTF-8", headers=sent)


def pending() -> list[tuple[str, int, tuple[int, int]]]:
    counts: Counts = counter.pending.take()
    return [(link.slot, link.place, count) for link, count in counts.items()]


# No database is allowed in this file: a beacon needs none.


def test_a_beacon_is_counted_in_memory() -> None:
    answer = send({"shown": [LINK], "clicked": [LINK]})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer
    assert send({"shown": [LINK, LINK]}).status_code == 204
    assert pending() == [("related", 1, (2, 1))]


def test_other_hosts_may_send() -> None:
    assert send({"shown": [LINK]})["Access-Control-Allow-Origin"] == "*"
    headers = {"Access-Control-Request-Method": "POST", "Origin": "https://shop.example"}
    answer = Client().options(ADDRESS, headers=headers)
    assert answer.status_code == 200
    assert "POST" in answer["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": ""},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": f"{FIREFOX} HeadlessChrome"},
        {"User-Agent": "curl/8.1"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"DNT": "1"},
        {"Sec-GPC": "1"},
    ],
)
def test_machines_and_who_minds_are_answered_and_not_counted(headers: dict[str, str]) -> None:
    assert send({"shown": [LINK]}, **headers).status_code == 204
    assert pending() == []


@pytest.mark.parametrize(
    "row",
    [
        ["newsroom.article:1", "related", 0, "newsroom.article:2"],
        ["newsroom.article:1", "related", 21, "newsroom.article:2"],
        ["newsroom.article:1", "related", "1", "newsroom.article:2"],
        ["x" * 301, "related", 1, "newsroom.article:2"],
        ["newsroom.article:1", "s" * 51, 1, "newsroom.article:2"],
        ["newsroom.article:1"],
        None,
    ],
)
def test_what_is_no_event_is_left_out(row: Any) -> None:
    assert send({"shown": [row, LINK]}).status_code == 204
    assert pending() == [("related", 1, (1, 0))]


@pytest.mark.parametrize(
    ("beacon", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 10_000, 400),
        ([], 400),
        ({"shown": 3}, 400),
        ({"shown": [LINK] * (MAX_EVENTS + 1)}, 400),
        (b" " * (MAX_BYTES + 1), 413),
    ],
)
def test_what_is_no_beacon_is_refused(beacon: Any, status: int) -> None:
    assert send(beacon).status_code == status
    assert pending() == []


def test_only_post() -> None:
    assert Client().get(ADDRESS).status_code == 405


def test_events_are_throttled_by_address(settings: Settings) -> None:
    settings.RELATED_CLICKS = {"RATE": "5/hour"}
    links = [[*LINK[:2], place, LINK[3]] for place in (1, 2, 3)]
    assert send({"shown": links}).status_code == 204
    refused = send({"shown": links})
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert [count for _slot, _place, count in pending()] == [(1, 0)] * 3


def test_of_too_many_the_oldest_are_dropped(settings: Settings) -> None:
    settings.RELATED_CLICKS = {"MAX_PENDING": 100}
    for start in range(0, 150, 50):
        names = [f"newsroom.article:{start + n}" for n in range(50)]
        assert send({"shown": [[name, *LINK[1:]] for name in names]}).status_code == 204
    counts = counter.pending.take()
    assert [link.document for link in counts] == [f"newsroom.article:{n}" for n in range(50, 150)]


def test_wrong_settings_are_named(settings: Settings) -> None:
    assert check_clicks() == []
    settings.RELATED_CLICKS = {"FLUSH_SECONDS": 0, "KEPT": 1, "RATE": "often"}
    assert [message.id for message in check_clicks()] == [
        "related_clicks.E002",
        "related_clicks.E001",
        "related_clicks.E003",
    ]


def test_settings_and_checks_are_documented() -> None:
    guide = (DOCS / "guide" / "clicks.md").read_text()
    for key, default in DEFAULTS.items():
        assert f"| `{key}` | `{default}` |" in guide
    assert all(f"`{word}`" in guide for word in MACHINES)
    page = (DOCS / "reference" / "checks.md").read_text()
    assert all(f"| `related_clicks.E00{n}` |" in page for n in (1, 2, 3))


def test_the_script_is_small() -> None:
    script = finders.find("related/clicks.js")
    assert script is not None
    assert len(gzip.compress(Path(script).read_bytes(), mtime=0)) < 2_000
