"""The settings of counting clicks: keys of ``settings.RELATED_CLICKS``, read at every use."""

from __future__ import annotations

from typing import Any

from django.conf import settings

DEFAULTS: dict[str, Any] = {
    "FLUSH_SECONDS": 10.0,
    "FLUSH_EVENTS": 1_000,
    "KEEP_DAYS": 90,
    "MAX_PENDING": 20_000,
    "RATE": "3000/min",
}


class Settings:
    """One property per setting: docs/guide/clicks.md lists them, checks.py looks at them."""

    def _get(self, name: str) -> Any:
        return getattr(settings, "RELATED_CLICKS", {}).get(name, DEFAULTS[name])

    @property
    def flush_seconds(self) -> float:
        """How long what was counted waits in memory before it is written."""
        return float(self._get("FLUSH_SECONDS"))

    @property
    def flush_events(self) -> int:
        """So many events are written at once, without waiting."""
        return int(self._get("FLUSH_EVENTS"))

    @property
    def keep_days(self) -> int:
        """How long counts are kept link by link."""
        return int(self._get("KEEP_DAYS"))

    @property
    def max_pending(self) -> int:
        """How many links a process keeps counts of while they cannot be written."""
        return int(self._get("MAX_PENDING"))

    @property
    def rate(self) -> str | None:
        """How many events one address may send; None is no limit."""
        rate = self._get("RATE")
        return None if rate is None else str(rate)


conf = Settings()
