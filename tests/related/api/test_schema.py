"""The schema: the kept file is true, and the API answers as it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from benchmarks.fuzz_api import fuzz, load_schema
from newsroom.articles.models import Article
from newsroom.wsgi import application
from tests.related.stored_articles import approve, make_article
from tests.services.project import Project

KEPT = Path(__file__).parents[3] / "docs" / "openapi.yaml"

schema = load_schema(application)


def test_the_kept_file_is_what_the_code_says(make_project: Callable[..., Project]) -> None:
    with_pushes = make_project(HEADLESS="true")
    fresh = with_pushes.manage("spectacular", "--validate", "--fail-on-warn").stdout
    assert fresh == KEPT.read_text(), "Run `make schema` and read the difference."


def test_the_schema_and_its_page_are_served(client: Client) -> None:
    """Of a site that takes no pushes: all but those."""
    response = client.get("/api/v1/schema/")
    assert response.status_code == 200
    served, kept = (yaml.safe_load(text) for text in (response.content, KEPT.read_text()))
    is_push = [path for path in kept["paths"] if path.startswith("/api/v1/documents/")]
    assert len(is_push) == 2
    assert served["paths"] == {
        path: content for path, content in kept["paths"].items() if path not in is_push
    }
    schemas = kept["components"]["schemas"]
    assert served["components"] == {
        "schemas": {name: schemas[name] for name in served["components"]["schemas"]}
    }
    assert client.get("/api/v1/schema/?version=%0A&lang=%00").status_code == 200
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content  # the site's policy would block it
    assert client.get("/api/v1/docs/?script").status_code == 200


@pytest.fixture
def _connection_stays_open() -> Iterator[None]:
    """The handler closes connections after each request, and with them the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def _unthrottled(settings: Settings) -> None:
    rates = {"DEFAULT_THROTTLE_RATES": {"address": None}}
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | rates


@pytest.fixture
def article(db: None) -> Article:
    article = make_article("A")
    approve(article, "related", make_article("B"))
    return article


@pytest.mark.usefixtures("article", "_connection_stays_open")
@schema.parametrize()
@hypothesis_settings(
    max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
def test_every_answer_to_the_examples_and_limits_fits_the_schema(case: schemathesis.Case) -> None:
    # Called without a server in between, which would decompress.
    case.call_and_validate(
        headers={"Accept-Encoding": "identity"}, excluded_checks=[positive_data_acceptance]
    )


@pytest.mark.slow  # hundreds of requests
@pytest.mark.usefixtures("_connection_stays_open", "_unthrottled")
def test_every_answer_fits_the_schema(article: Article) -> None:
    """Others on each database; `benchmarks/fuzz_api.py` asks more, at any seed."""
    seed = 1 if connection.vendor == "sqlite" else 2
    statuses = fuzz(schema, article, n_cases=400, with_seed=seed)
    assert statuses.total() >= 300  # Hypothesis leaves out what it has asked before
    assert statuses.keys() == {200, 304, 400, 404, 406}


def test_an_answer_that_the_schema_does_not_know_is_found(article: Article) -> None:
    def teapot(environment: Any, start_response: Any) -> list[bytes]:
        start_response("418 I'm a teapot", [("Content-Type", "application/json")])
        return [b"{}"]

    with pytest.raises(FailureGroup, match="Undocumented"):
        fuzz(load_schema(teapot), article, n_cases=10, with_seed=1)
