"""Moments as archives write them: ISO 8601, RFC 2822 (mail, RSS) and seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

YEARS = range(1000, 3000)
# Offsets that RFC 2822 does not name, in hours, and that feeds use all the same.
_ZONES = {
    "Z": 0,
    "WET": 0,
    "BST": 1,
    "CET": 1,
    "WEST": 1,
    "MEZ": 1,
    "CEST": 2,
    "MESZ": 2,
}
_ZONES |= {"EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "HKT": 8, "SGT": 8, "JST": 9}
_ZONES |= {"KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13}
_ZONE_AT_END = re.compile(r"\s([A-Z]{1,4})$")
_NO_ZONE = re.compile(r"\d:\d\d$")
_NONE = re.compile(
    r"^(?:0000-00-00|-0001-11-30)"
)  # how WordPress and MySQL write that there is none
_NUMBER = re.compile(r"^-?\d{9,13}(?:\.\d+)?$")
_MILLISECONDS = 100_000_000_000  # in seconds, the year 5138


def is_no_date(value: Any) -> bool:
    """Whether a value stands for "no date"."""
    return value is None or (
        isinstance(value, str) and (not value.strip() or bool(_NONE.match(value.strip())))
    )


def parse_date(value: Any) -> datetime | None:
    """The moment, in UTC; None for what cannot be read. Without a zone it is in ``TIME_ZONE``."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        moment = _since_1970(value)
    elif isinstance(value, str):
        text = value.strip()
        moment = _since_1970(float(text)) if _NUMBER.match(text) else _iso(text) or _rfc_2822(text)
    else:
        return None
    if moment is None or moment.year not in YEARS:
        return None
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment.astimezone(UTC)


def _since_1970(seconds: float) -> datetime | None:
    if abs(seconds) >= _MILLISECONDS:
        seconds /= 1000
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(text: str) -> datetime | None:
    try:
        return parse_datetime(text.removesuffix(" UTC"))
    except ValueError:  # it looks like a date, but there is no such day
        return None


def _rfc_2822(text: str) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    zone = _ZONE_AT_END.search(text)
    offset: float = parts[9] or 0
    if zone and zone[1] in _ZONES:
        offset = _ZONES[zone[1]] * 3600
    try:
        # A leap second is the last one of its minute here.
        moment = datetime(*parts[:5], min(parts[5], 59))  # noqa: DTZ001 - the zone follows
        return moment if _NO_ZONE.search(text) else _at_offset(moment, offset)
    except (ValueError, OverflowError):
        return None


def _at_offset(moment: datetime, seconds: float) -> datetime:
    return moment.replace(tzinfo=UTC) - timedelta(seconds=seconds)
