"""The rate limit of the API, where the project chose ours."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004
from django.utils.translation import gettext as _

THROTTLE = "related.api.throttles.AddressThrottle"
RATE = r"[1-9]\d{0,8}/(s|sec|m|min|h|hour|d|day)"  # as Django REST framework reads it


def check_throttle(**kwargs: Any) -> list[CheckMessage]:
    """Only where the project throttles by address; it may do so by other means, or not at all."""
    chosen = getattr(settings, "REST_FRAMEWORK", {})
    if THROTTLE not in chosen.get("DEFAULT_THROTTLE_CLASSES", ()):
        return []
    found: list[CheckMessage] = []
    rate = chosen.get("DEFAULT_THROTTLE_RATES", {}).get("address", "missing")
    if rate and not re.fullmatch(RATE, rate):
        message = _(
            'REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["address"] is %(rate)r, which is not a rate.'
        ) % {"rate": rate}
        hint = _("Write 3000/min, or per s, h or d; None means no limit.")
        found.append(Error(message, hint=hint, id="related.E004"))
    if chosen.get("NUM_PROXIES") is None:
        message = _('REST_FRAMEWORK["NUM_PROXIES"] is not set, so it counts as 0.')
        hint = _(
            "Say how many proxies append to X-Forwarded-For; otherwise all clients behind a proxy "
            "count as one."
        )
        found.append(Warning(message, hint=hint, id="related.W005"))
    return found
