"""/metrics in OpenMetrics text, read by prometheus-client's own parser."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries

from related.domain.attention.states import refresh_due
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.metrics.figures import Figures
from related.models import Document, Slot
from tests.related.stored_articles import make_article, publish, row_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "guide" / "production.md").read_text()


def scrape(client: Client) -> dict[str, float]:
    """Samples by name and labels, as ``name{label=value}``."""
    answer = client.get("/metrics")
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    families = list(text_string_to_metric_families(answer.content.decode()))
    return {
        sample.name
        + "".join(f"{{{k}={v}}}" for k, v in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_what_waits_and_what_failed(client: Client) -> None:
    make_article("stored")
    refresh_due()
    publish("waiting")
    failed = publish("failed")
    Document.objects.filter(pk=row_of(failed).pk).update(attempts=3, error="bad text")
    figures = scrape(client)
    assert figures["related_documents_waiting{priority=publish}"] == 1
    assert figures["related_documents_waiting{priority=bulk}"] == 0
    assert figures["related_documents_failed"] == 1
    assert 0 <= figures["related_oldest_waiting_seconds{priority=publish}"] < 60
    assert figures["related_revisions_processed_total"] == 1
    assert figures["related_slot_empty_documents{slot=related}"] == 1


def test_decisions_by_what_was_done(client: Client, anna: Any) -> None:
    a, b = row_of(make_article("A")), row_of(make_article("B"))
    place = LinkRef(a, Slot.objects.get(key="related"), b)
    reviewing.approve(place, user=anna, version=0)
    reviewing.pin(place, user=anna, version=1)
    figures = scrape(client)
    assert figures["related_decisions_total{action=approve}"] == 1
    assert figures["related_decisions_total{action=pin}"] == 1
    assert "anna" not in str(figures)


def test_reads_are_timed_by_door(client: Client) -> None:
    article = make_article("A")
    name = "related_read_seconds_count{{door={}}}"
    before = scrape(client)
    client.get(f"/api/v1/links/newsroom.article/{article.pk}/")
    client.get(article.get_absolute_url())
    after = scrape(client)
    for door in ("api", "template"):
        assert after[name.format(door)] == before.get(name.format(door), 0) + 1


def test_the_database_is_asked_rarely(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    figures = Figures()
    figures.collect()
    with django_assert_num_queries(0):
        figures.collect()
    figures.forget()
    with django_assert_num_queries(10):
        figures.collect()


def test_every_figure_is_documented(client: Client) -> None:
    client.get("/api/v1/links/")
    shown = {
        re.sub(r"_(bucket|count|sum|created)$", "", name.partition("{")[0])
        for name in scrape(client)
    }
    documented = set(re.findall(r"^\| `(related_\w+)` \|", PAGE, re.MULTILINE))
    assert shown <= documented
    # What has nothing to show yet: no decision, no language, no rebuild.
    missing = {"decisions_total", "documents_indexed", "last_rebuild_age_seconds"}
    assert documented - shown == {f"related_{name}" for name in missing}


def test_the_dashboard_asks_for_figures_there_are() -> None:
    dashboard = json.loads((ROOT / "docs" / "operation" / "grafana.json").read_text())
    asked = {
        re.sub(r"_(bucket|count|sum)$", "", name)
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"related_\w+", target["expr"])
    }
    documented = set(re.findall(r"^\| `(related_\w+)` \|", PAGE, re.MULTILINE))
    assert asked == documented - {"related_documents_indexed"}


def test_without_prometheus_client_reads_go_on(tmp_path: Path) -> None:
    (tmp_path / "prometheus_client.py").write_text("raise ImportError\n")
    code = (
        "import django; django.setup(); from related.metrics import metrics\n"
        "from related.metrics.reads import timed_read\n"
        "with timed_read('api'): pass\n"
        "from django.test import RequestFactory\n"
        "metrics(RequestFactory().get('/metrics'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ImproperlyConfigured: /metrics needs prometheus-client: pip install" in done.stderr
