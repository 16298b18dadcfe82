"""How long something takes or took, in seconds and in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

DAY, HOUR, MINUTE, SECOND = 86_400, 3_600, 60, 1
LASTED = {
    DAY: ngettext_lazy("%(n)d day", "%(n)d days", "n"),
    HOUR: ngettext_lazy("%(n)d h", "%(n)d h", "n"),
    MINUTE: ngettext_lazy("%(n)d min", "%(n)d min", "n"),
    SECOND: ngettext_lazy("%(n)d s", "%(n)d s", "n"),
}
AGO = {
    DAY: ngettext_lazy("%(n)d day ago", "%(n)d days ago", "n"),
    HOUR: ngettext_lazy("%(n)d h ago", "%(n)d h ago", "n"),
    MINUTE: ngettext_lazy("%(n)d min ago", "%(n)d min ago", "n"),
    SECOND: ngettext_lazy("%(n)d s ago", "%(n)d s ago", "n"),
}


def seconds_between(earlier: datetime, later: datetime) -> float:
    """Never negative: the clocks of two machines may differ a little."""
    return max(0.0, (later - earlier).total_seconds())


def describe_duration(seconds: float | None) -> str:
    """``90`` -> "1 min"; the largest unit alone, rounded down; "" for None."""
    return "" if seconds is None else _describe(seconds, LASTED)


def describe_ago(seconds: float | None) -> str:
    """``90`` -> "1 min ago"; "never" for None."""
    return _("never") if seconds is None else _describe(seconds, AGO)


def _describe(seconds: float, words: dict[int, Any]) -> str:
    unit = next((unit for unit in words if seconds >= unit), SECOND)
    return str(words[unit] % {"n": int(seconds / unit)})
