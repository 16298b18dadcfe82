"""Hosts' clocks: no work goes by them, and one that is off is named."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from django.utils import timezone

import related
from related.checks.clock import check_clock
from related.domain.clocks import seconds_ahead
from related.domain.indexing.processing import process
from related.domain.rebuilds import rebuilding
from related.enums import RunStatus
from related.models import Document, HostClock, RebuildRun
from tests.related.reports.waiting import report
from tests.related.stories import FLOOD, document_of, publish

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
SAID = "clock differs from the database's"
# What workers run. What people do stands in other packages: there the site's clock counts.
OF_WORKERS = (
    *("domain/indexing", "domain/rebuilds", "domain/corpus", "domain/leases.py"),
    *("domain/attention/states.py", "domain/attention/vanished.py", "domain/operations/running.py"),
    *("domain/reports/census.py", "management/publishes.py", "models/leases.py", "models/runs.py"),
)

Turn = Callable[[float], None]


@pytest.fixture
def turn_clock(monkeypatch: pytest.MonkeyPatch) -> Turn:
    """Set this process's clock ahead by so many seconds; the database's stays."""

    def turn(seconds: float) -> None:
        ahead = timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + ahead)

    return turn


@pytest.mark.django_db
def test_a_worker_says_that_its_clock_is_off_until_it_is_right(
    turn_clock: Turn, caplog: pytest.LogCaptureFixture
) -> None:
    turn_clock(-90)
    for n in range(2):
        publish(f"Barrier raised {n}", FLOOD)
        assert process() == 1  # at once, though it was marked in this clock's future
    [row] = HostClock.objects.all()
    assert row.seconds_ahead == pytest.approx(-90, abs=3)
    assert [record.message for record in caplog.records].count(SAID) == 1
    turn_clock(0)
    assert report(is_stale=False)["clocks_off"] == {row.host: row.seconds_ahead}
    publish("Barrier raised again", FLOOD)
    process()
    assert report(is_stale=False)["clocks_off"] == {}


@pytest.mark.django_db
def test_what_was_said_of_a_host_is_not_believed_for_ever() -> None:
    HostClock.objects.create(host="ahead", seconds_ahead=61.0)
    HostClock.objects.create(
        host="long ago", seconds_ahead=-9.0, measured_at=Now() - timedelta(hours=2)
    )
    assert report(is_stale=False)["clocks_off"] == {"ahead": 61.0}


@pytest.mark.django_db
def test_the_check_names_a_clock_that_is_off(turn_clock: Turn) -> None:
    assert check_clock() == []
    turn_clock(-90)
    [warning] = check_clock()
    assert (warning.id, "90 seconds behind" in warning.msg) == ("related.W011", True)
    turn_clock(3600)
    [warning] = check_clock()
    assert "3600 seconds ahead" in warning.msg
    [own] = report(is_stale=False)["clocks_off"].values()
    assert own == pytest.approx(3600, abs=3)


@pytest.mark.parametrize(("asked", "answered", "expected"), [
    (0, 0, 0), (-20, 20, 0), (-20, -8, -8), (8, 20, 8),
])  # fmt: skip
def test_a_slow_answer_makes_no_clock_wrong(asked: int, answered: int, expected: int) -> None:
    before, after = (NOON + timedelta(seconds=n) for n in (asked, answered))
    assert seconds_ahead(before, NOON, after) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [-90, 0, 90])
def test_a_failed_rebuild_is_tried_again_by_the_databases_clock(
    ahead: float, turn_clock: Turn
) -> None:
    row = document_of(publish("Barrier raised", FLOOD))
    process()
    Document.objects.filter(pk=row.pk).update(want_rev=2, priority=1)
    turn_clock(ahead)
    run = RebuildRun.objects.create(status=RunStatus.FAILED)
    for seconds, is_due in ((30, False), (70, True)):
        finished = Now() - timedelta(seconds=seconds)
        RebuildRun.objects.filter(pk=run.pk).update(finished_at=finished)
        assert rebuilding.is_due(min_backlog=0, large_backlog=0.0) is is_due


def test_what_workers_run_asks_no_clock_of_the_host() -> None:
    """Times that are kept or compared; ``monotonic`` measures how long something took."""
    package = Path(related.__file__).parent
    places = [package / name for name in OF_WORKERS]
    files = [f for place in places for f in ([place] if place.is_file() else place.glob("*.py"))]
    assert len(files) > len(OF_WORKERS)
    asking = Counter(
        str(file.relative_to(package))
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"timezone.now", "datetime.now", "datetime.utcnow", "time.time"}
    )
    # To say by how much it is off; and when an editor closed a page.
    assert asking == {"domain/leases.py": 2, "domain/attention/states.py": 1}
