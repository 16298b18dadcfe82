"""Moments as archives write them."""

from __future__ import annotations

from typing import Any

import pytest

from related.contrib.importing.dates import is_no_date, parse_date

READ = [
    ("2026-03-02T06:30:00+02:00", "2026-03-02T04:30:00"),
    ("2026-03-02T06:30:00Z", "2026-03-02T06:30:00"),
    ("20260302", "2026-03-02T00:00:00"),
    ("Mon, 02 Mar 2026 06:00:00 +0000", "2026-03-02T06:00:00"),
    ("Mon, 02 Mar 2026 06:00:00 -0500", "2026-03-02T11:00:00"),
    ("Mon, 02 Mar 2026 06:00:00 GMT", "2026-03-02T06:00:00"),
    ("Mon, 02 Mar 2026 06:00:00 EST", "2026-03-02T11:00:00"),
    ("Thu, 02 Jul 2026 06:00:00 CEST", "2026-07-02T04:00:00"),
    ("02 Mar 26 06:00 UT", "2026-03-02T06:00:00"),
    ("Wed, 31 Dec 2008 23:59:60 +0000", "2008-12-31T23:59:59"),
    (1772431200, "2026-03-02T06:00:00"),
    ("1772431200", "2026-03-02T06:00:00"),
    (1772431200.5, "2026-03-02T06:00:00.500000"),
    (1772431200000, "2026-03-02T06:00:00"),
]


@pytest.mark.parametrize(("written", "moment"), READ)
def test_a_moment_is_the_same_in_every_way_to_write_it(written: Any, moment: str) -> None:
    found = parse_date(written)
    assert found is not None
    assert found.isoformat() == moment + "+00:00"


@pytest.mark.parametrize("written", ["2026-03-02 06:00:00", "Mon, 02 Mar 2026 06:00:00"])
def test_without_a_zone_it_is_the_sites(written: str, settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    found = parse_date(written)
    assert found is not None
    assert found.isoformat() == "2026-03-02T11:00:00+00:00"


NO_MOMENTS = ["yesterday", "2026-02-30", "Mon, 45 Mar 2026 06:00:00 GMT", "9"]


@pytest.mark.parametrize("written", [*NO_MOMENTS, True, 1e300, float("nan"), []])
def test_what_is_no_moment_is_none(written: Any) -> None:
    assert parse_date(written) is None
    assert not is_no_date(written)


@pytest.mark.parametrize("written", [None, "", " ", "0000-00-00 00:00:00", "-0001-11-30 00:00:00"])
def test_ways_to_write_that_there_is_none(written: Any) -> None:
    assert is_no_date(written)
