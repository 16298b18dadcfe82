"""The id of a request: on the lines that it causes, and in its answer where a proxy gave it."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from newsroom.request_ids import RequestIdFilter, request_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_request() -> None:
    request_id.set("")


def test_every_request_has_an_id_of_its_own(client: Client) -> None:
    ids = set()
    for path in ("/healthz", "/", "/articles/none/"):
        assert "X-Request-ID" not in client.get(path)
        ids.add(request_id.get())
    assert len(ids) == 3
    assert all(len(each) == 32 for each in ids)


def test_the_id_of_a_proxy_is_kept(client: Client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "proxy-0123.4567_ab"})
    assert answer["X-Request-ID"] == "proxy-0123.4567_ab"


@pytest.mark.parametrize(
    "given", ["short", "a" * 65, "two words here", "x\u00e9" * 6, "a=1;b=2;c=3"]
)
def test_what_is_no_id_is_replaced(client: Client, given: str) -> None:
    assert "X-Request-ID" not in client.get("/healthz", HTTP_X_REQUEST_ID=given)
    assert len(request_id.get()) == 32


def test_records_carry_it_until_the_next_request(client: Client) -> None:
    record = logging.makeLogRecord({"msg": "before any request"})
    assert RequestIdFilter().filter(record)
    assert not hasattr(record, "request_id")
    client.get("/articles/none/")
    record = logging.makeLogRecord({"msg": "Not Found"})
    RequestIdFilter().filter(record)
    assert record.request_id == request_id.get()  # type: ignore[attr-defined]
