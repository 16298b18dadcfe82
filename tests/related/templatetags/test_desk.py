"""What the desk's own templates say of time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from related.templatetags.related_desk import apart

NOON = datetime(2026, 4, 18, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("here", "said"),
    [
        (NOON, "the same day"),
        (datetime(2026, 4, 20, 12, tzinfo=UTC), "2\xa0days earlier"),
        (datetime(2026, 4, 16, 12, tzinfo=UTC), "2\xa0days later"),
        (None, "April 18, 2026"),  # beside a draft, which has no date yet
    ],
)
def test_how_far_apart_articles_came_out(here: datetime | None, said: str) -> None:
    assert apart(NOON, here) == said
