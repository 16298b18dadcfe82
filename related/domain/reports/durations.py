"""How long something takes or took, in seconds and in words."""

from __future__ import annotations

from datetime import datetime


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Never negative: the clocks of two machines may differ a little."""
    return max(0.0, (later - earlier).total_seconds())


def describe_duration(seconds: float | None, nothing: str = "", suffix: str = "") -> str:
    """``90`` -> "1 min"; the largest unit alone, rounded down."""
    if seconds is None:
        return nothing
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length:.0f} {unit}{suffix}"
    return f"{seconds:.0f} s{suffix}"
