"""The schema: the kept file is true, and the API answers as it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from django.core.cache import cache
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import positive_data_acceptance

from newsroom.wsgi import application
from tests.related.pages import approve, make_article

KEPT = Path(__file__).parents[2] / "docs" / "openapi.yaml"

schema = schemathesis.openapi.from_path(KEPT, config=SchemathesisConfig(wait_for_schema=None))
schema.app = application


def test_the_kept_file_is_what_the_code_says(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh))
    assert fresh.read_text() == KEPT.read_text(), "Run `make schema` and read the difference."


def test_the_schema_and_its_page_are_served(client: Client) -> None:
    response = client.get("/api/v1/schema/")
    assert response.status_code == 200
    assert response.content.decode() == KEPT.read_text()
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
def _an_article(db: None) -> None:
    approve(make_article("A"), "related", make_article("B"))


@pytest.mark.usefixtures("_an_article", "_connection_stays_open")
@schema.parametrize()
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_every_answer_fits_the_schema(case: schemathesis.Case) -> None:
    cache.clear()  # the throttle is not what is tested here
    # Which models are registered is no matter of the schema, so `?id=a:b` fits it and is refused.
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
