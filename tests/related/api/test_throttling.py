"""The throttle: who counts as one client, how often it may ask, and what it needs for that."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client, RequestFactory
from pytest_django import Settings
from rest_framework.request import Request

from related.api.throttles import MAX_ADDRESSES, AddressThrottle, Allowances, network_of
from tests.services.redis import RedisServer

ADDRESS = "/api/v1/links/?url=/articles/none/"
RATE = 5

Throttled = Callable[[int | None], None]


@pytest.fixture
def throttled(settings: Settings) -> Throttled:
    """``throttled(n_proxies)``: five requests an hour for each client."""

    def throttle(n_proxies: int | None, rate: str | None = f"{RATE}/hour") -> None:
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
            "DEFAULT_THROTTLE_RATES": {"address": rate},
            "NUM_PROXIES": n_proxies,
        }

    return throttle


def statuses(client: Client, forwarded: list[str], remote: str = "192.0.2.1") -> list[int]:
    return [
        client.get(ADDRESS, headers={"x-forwarded-for": value}, REMOTE_ADDR=remote).status_code
        for value in forwarded
    ]


ALLOWED_THEN_REFUSED = [200] * RATE + [429] * 3


@pytest.mark.django_db
@pytest.mark.parametrize("n_proxies", [0, None])
def test_without_a_proxy_invented_addresses_change_nothing(
    client: Client, throttled: Throttled, n_proxies: int | None
) -> None:
    throttled(n_proxies)
    rotating = [f"203.0.113.{n}" for n in range(RATE + 3)]
    assert statuses(client, rotating) == ALLOWED_THEN_REFUSED
    assert statuses(client, rotating[:1], remote="192.0.2.2") == [200]


@pytest.mark.django_db
def test_behind_a_proxy_the_address_that_it_saw_counts(
    client: Client, throttled: Throttled
) -> None:
    throttled(1)
    rotating = [f"203.0.113.{n}, 10.0.0.{n}, 198.51.100.7" for n in range(RATE + 3)]
    assert statuses(client, rotating) == ALLOWED_THEN_REFUSED
    assert statuses(client, ["198.51.100.7, 198.51.100.8"]) == [200]


@pytest.mark.django_db
def test_behind_two_proxies_the_outer_one_is_believed(client: Client, throttled: Throttled) -> None:
    throttled(2)
    rotating = [f"203.0.113.{n}, 198.51.100.7, 10.0.0.1" for n in range(RATE + 3)]
    assert statuses(client, rotating) == ALLOWED_THEN_REFUSED


@pytest.mark.django_db
def test_ports_networks_and_nonsense_are_no_way_out(client: Client, throttled: Throttled) -> None:
    throttled(1)
    ports = [f"198.51.100.7:{port}" for port in range(RATE + 3)]
    assert statuses(client, ports) == ALLOWED_THEN_REFUSED
    network = [f"2001:db8::{n:x}" for n in range(RATE + 3)]
    assert statuses(client, network) == ALLOWED_THEN_REFUSED
    nonsense = ["unknown", "", ",", "a" * 5000, "_hidden", "1.2.3.4.5", "::1::", "[", "%00"]
    assert set(statuses(client, nonsense)[RATE:]) == {429}


def test_a_connection_without_an_address_is_one_client(
    rf: RequestFactory, throttled: Throttled
) -> None:
    """As behind some ASGI servers on a Unix socket."""
    throttled(1)
    request = rf.get(ADDRESS)
    del request.META["REMOTE_ADDR"]
    assert AddressThrottle().get_ident(Request(request)) == ""


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:80", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_what_counts_as_one_client(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.django_db
def test_a_refusal_says_how_long_to_wait(client: Client, throttled: Throttled) -> None:
    throttled(0)
    statuses(client, ["x"] * RATE)
    refused = client.get(ADDRESS, REMOTE_ADDR="192.0.2.1")
    assert refused.status_code == 429
    assert 3600 / RATE - 60 < int(refused["Retry-After"]) <= 3600 / RATE
    assert refused["Cache-Control"] == "no-store"
    assert refused.json()["detail"].startswith("Request was throttled.")


def test_a_refusal_is_in_the_schema(client: Client) -> None:
    paths = client.get("/api/v1/schema/", headers={"accept": "application/json"}).json()["paths"]
    answers = [path["get"]["responses"]["429"] for path in paths.values()]
    assert len(answers) == 2
    assert all("Retry-After" in answer["headers"] for answer in answers)


def test_after_the_wait_there_is_one_request_and_no_more() -> None:
    allowances = Allowances()
    assert [allowances.take("a", RATE, 60, now=0) for _ in range(RATE)] == [0] * RATE
    wait = allowances.take("a", RATE, 60, now=0)
    assert wait == pytest.approx(60 / RATE)
    assert allowances.take("a", RATE, 60, now=wait - 0.1) > 0
    assert allowances.take("a", RATE, 60, now=wait) == 0
    assert allowances.take("a", RATE, 60, now=wait) > 0
    assert [allowances.take("a", RATE, 60, now=1000) for _ in range(RATE)] == [0] * RATE
    assert allowances.take("a", RATE, 60, now=1000) > 0


def test_memory_is_bounded_and_a_flood_of_addresses_frees_few() -> None:
    allowances = Allowances()
    for n in range(MAX_ADDRESSES + 10):
        allowances.take(str(n), RATE, 60, now=n / 1000)
    assert len(allowances._full_at) <= MAX_ADDRESSES


@pytest.mark.django_db
def test_no_rate_is_no_limit(client: Client, throttled: Any) -> None:
    throttled(0, rate=None)
    assert statuses(client, ["x"] * 50) == [200] * 50


@pytest.fixture(params=["stopped", "silent"])
def lost_redis(request: pytest.FixtureRequest, redis_server: RedisServer) -> Iterator[str]:
    """Address of a Redis that is gone, or of one that accepts and never answers."""
    if request.param == "stopped":
        redis_server.stop()
        yield redis_server.url
        return
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        yield f"redis://127.0.0.1:{silent.getsockname()[1]}/0"


@pytest.mark.django_db
def test_without_redis_the_api_answers_and_counts(
    client: Client, throttled: Throttled, settings: Settings, lost_redis: str
) -> None:
    throttled(0)
    settings.CELERY_BROKER_URL = lost_redis
    # Django's default cache as well: even a site that keeps it in Redis is throttled without it.
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": lost_redis}}
    started = time.monotonic()
    assert statuses(client, ["x"] * (RATE + 3)) == ALLOWED_THEN_REFUSED
    assert time.monotonic() - started < 2
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.mark.parametrize("rate", ["lots", "0/min", "10", "5/fortnight", "-1/s"])
def test_a_rate_that_cannot_be_read_is_reported(throttled: Any, rate: str) -> None:
    throttled(0, rate=rate)
    assert [message.id for message in run_checks(tags=["related"])] == ["related.E004"]


def test_proxies_that_nobody_counted_are_reported(throttled: Throttled) -> None:
    throttled(None)
    assert [message.id for message in run_checks(tags=["related"])] == ["related.W005"]


def test_the_default_rate_suits_a_site_that_asks_from_one_address() -> None:
    assert AddressThrottle().rate == "3000/min"


@pytest.mark.django_db
def test_documents_are_counted_and_not_requests(client: Client, throttled: Throttled) -> None:
    throttled(0)
    batch = "/api/v1/links/?" + "&".join(f"id=newsroom.article:{n}" for n in range(RATE - 1))
    assert client.get(batch).status_code == 200
    assert client.get(batch).status_code == 429
    assert client.get(ADDRESS).status_code == 200
    assert client.get(ADDRESS).status_code == 429


def test_more_than_a_full_bucket_costs_all_of_it() -> None:
    allowances = Allowances()
    assert allowances.take("a", 5, 60, now=0, n_documents=100) == 0
    assert allowances.take("a", 5, 60, now=0) > 0
    assert allowances.take("a", 5, 60, now=60, n_documents=5) == 0
