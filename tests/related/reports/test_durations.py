"""Durations in words, by number and by language."""

from __future__ import annotations

import pytest
from django.utils import translation

from related.domain.reports.durations import describe_ago, describe_duration


@pytest.mark.parametrize(
    ("seconds", "lasted", "ago"),
    [
        (None, "", "never"),
        (0, "0 s", "0 s ago"),
        (59.9, "59 s", "59 s ago"),
        (90, "1 min", "1 min ago"),
        (7_199, "1 h", "1 h ago"),
        (86_400, "1 day", "1 day ago"),
        (200_000, "2 days", "2 days ago"),
    ],
)
def test_the_largest_unit_alone(seconds: float | None, lasted: str, ago: str) -> None:
    assert (describe_duration(seconds), describe_ago(seconds)) == (lasted, ago)


@pytest.mark.parametrize(
    ("language", "lasted", "ago"),
    [("de", "2 Tage", "vor 2 Tagen"), ("fr", "2 jours", "il y a 2 jours")],
)
def test_each_language_has_its_own_grammar(language: str, lasted: str, ago: str) -> None:
    with translation.override(language):
        assert (describe_duration(200_000), describe_ago(200_000)) == (lasted, ago)
