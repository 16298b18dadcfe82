"""Rows of clicks, made directly."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from related.contrib.clicks.models import ClickSum, DailyClicks
from related.models import Document, Slot


def add_clicks(
    document: Document,
    target: Document,
    shown: int,
    clicked: int,
    *,
    place: int = 1,
    strength: str = "strong",
    variant: str = "",
    days_ago: int = 0,
) -> None:
    """In the slot "related", in both tables, as flushing does it."""
    slot = Slot.objects.get(key="related")
    counts = {"shown": shown, "clicked": clicked}
    day = timezone.localdate() - timedelta(days=days_ago)
    place_of = {"day": day, "slot": slot, "place": place}
    total, _ = ClickSum.objects.get_or_create(**place_of, strength=strength)
    total.shown += shown
    total.clicked += clicked
    total.save()
    DailyClicks.objects.create(
        **place_of, **counts, document=document, target=target, strength=strength, variant=variant
    )
