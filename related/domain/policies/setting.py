"""Who switched a policy on or off, and since when."""

from __future__ import annotations

import logging
from typing import Any

from django.utils import timezone

from related.models import Policy, Slot

logger = logging.getLogger(__name__)


def set_policy(slot: Slot, bar: float | None, *, covers_archive: bool, user: Any) -> Policy:
    """Let a slot's suggestions from a strength on approve themselves; None lets none.

    Args:
        covers_archive: also what stands already, and what each rebuild finds.
    """
    is_wide = bar is not None and covers_archive
    values = {
        "bar": bar,
        "covers_archive": is_wide,
        "cursor": 0 if is_wide else None,
        "set_by": user,
        "set_by_name": user.get_username(),
        "set_at": timezone.now(),
    }
    policy, _ = Policy.objects.update_or_create(slot=slot, defaults=values)
    logger.info("policy set", extra={"slot": slot.key, "bar": bar, "user": user.pk})
    return policy
