"""Which changes of a slot throw a stopped rebuild away."""

from __future__ import annotations

from typing import Any

import pytest

from related.domain.rebuilds import rebuilding, runs
from related.enums import Rule, RunStatus
from related.models import RebuildRun, Slot
from tests.related.stories import archive, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def stopped() -> RebuildRun:
    """A rebuild that was interrupted and has blocks left."""

    def interrupt(phase: str, n_done: int, n_total: int) -> None:
        raise KeyboardInterrupt

    archive()
    work()
    with pytest.raises(KeyboardInterrupt):
        rebuilding.rebuild(interrupt)
    run = RebuildRun.objects.get(status=RunStatus.STOPPED)
    assert run.blocks.open().exists()
    return run


@pytest.mark.parametrize(
    "change",
    [
        {"requires_approval": False},
        {"heading": "Also read"},
        {"position": 9},
        {"fallback": Rule.EARLIER},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_counts_from_the_next_page_on_keeps_it(
    stopped: RebuildRun, change: dict[str, Any]
) -> None:
    assert Slot.objects.filter(key="related").update(**change)
    assert runs.start_run().pk == stopped.pk


@pytest.mark.parametrize(
    "change",
    [
        {"rule": Rule.SIMILAR_LATER},
        {"rule": Rule.EARLIER},
        {"count": 3},
        {"minimum_score": 0.3},
        {"is_active": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_workers_compute_by_discards_it(stopped: RebuildRun, change: dict[str, Any]) -> None:
    assert Slot.objects.filter(key="related").update(**change)
    assert runs.start_run().pk != stopped.pk


def test_a_slot_that_goes_by_date_is_nothing_to_it(stopped: RebuildRun) -> None:
    assert Slot.objects.filter(key="section").update(count=3)
    assert runs.start_run().pk == stopped.pk
