"""Pushes answer as docs/openapi.yaml says, and every status that it names is answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from related import registry
from related.contrib.headless.keys import make_key
from related.contrib.headless.payload import MAX_BODY
from tests.sites.pages.models import Story

KEPT = Path(__file__).parents[3] / "docs" / "openapi.yaml"
CHECKS = (status_code_conformance, response_schema_conformance, response_headers_conformance)
BRIDGE = {"title": "Harbor bridge closes", "url": "/bridge", "language": "en"}
ONE = "/api/v1/documents/{type}/{object_id}/"

schema = schemathesis.openapi.from_path(KEPT, config=SchemathesisConfig(wait_for_schema=None))
schema.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def _connection_stays_open() -> Iterator[None]:
    """The handler closes connections after each request, and with them the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def takes_pushes() -> Iterator[None]:
    source = registry.source_for(Story)
    source.accepts_pushes = True
    yield
    del source.accepts_pushes


def statuses(method: str, path: str, *requests: dict[str, Any], **headers: str) -> list[int]:
    """What each request is answered, which fits the schema."""
    key = make_key("a test", ["headless.page", "pages.story"], None)[1]
    found = []
    for request in requests:
        case = schema[path][method].Case(**request)
        answer = case.call(headers={"Authorization": f"Bearer {key}", **headers})
        case.validate_response(answer, checks=list(CHECKS))
        found.append(answer.status_code)
    return found


def at(type_: str, id_: str, **request: Any) -> dict[str, Any]:
    named = {"type": type_, "object_id": id_}
    return {"path_parameters": named, "media_type": "application/json", **request}


@pytest.mark.django_db
def test_one_document() -> None:
    page = at("headless.page", "a1", body=BRIDGE)
    changed = at("headless.page", "a1", body={**BRIDGE, "title": "B", "published_at": None})
    assert statuses("PUT", ONE, page, page, changed) == [201, 200, 200]
    wrong = [{}, {"title": ["x"], "url": 7, "language": "?"}, [], "x", {**BRIDGE, "status": "no"}]
    bad = [at("headless.page", "a1", body=body) for body in wrong]
    assert statuses("PUT", ONE, *bad) == [400] * len(bad)
    assert statuses("PUT", ONE, page, Authorization="Bearer rk_no") == [401]
    assert statuses("PUT", ONE, at("auth.user", "1", body={})) == [403]
    assert statuses("PUT", ONE, page, Accept="text/html") == [406]
    large = at("headless.page", "a1", body={"text": "x" * MAX_BODY})
    assert statuses("PUT", ONE, large) == [413]
    assert statuses("PUT", ONE, page, **{"Content-Type": "text/plain"}) == [415]
    assert statuses("DELETE", ONE, at("headless.page", "a1"), at("headless.page", "a b")) == [
        *(204, 400),
    ]


@pytest.mark.django_db
def test_a_model_of_the_site(takes_pushes: None) -> None:
    story = at("pages.story", str(Story.objects.create(title="A").pk), body={})
    assert statuses("PUT", ONE, story, at("pages.story", "99", body={})) == [202, 404]
    del story["body"]
    assert statuses("DELETE", ONE, story, at("pages.story", "99")) == [202, 404]


@pytest.mark.django_db
def test_many_documents() -> None:
    page = {"type": "headless.page", "id": "a1"}
    documents = [{**page, **BRIDGE}, {**page, "delete": True}, {**page, "url": "?"}, {"id": "7"}, 7]
    many, wrong = (
        {"media_type": "application/json", "body": body}
        for body in ({"documents": documents}, {"documents": []})
    )
    path = "/api/v1/documents/"
    assert statuses("POST", path, many, wrong) == [200, 400]
    assert statuses("POST", path, many, Authorization="") == [401]
