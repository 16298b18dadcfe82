"""How often a password may be tried: by account and by address, counted in this process's memory.

No cache server is asked, and a refused try costs no password hash. Each process counts for itself:
with n of them there are n times as many tries at most.
"""

from __future__ import annotations

import logging
import math
import time
from threading import Lock
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

from related.api.throttles import AddressThrottle

logger = logging.getLogger(__name__)

PERIOD = 15 * 60  # seconds in which all tries come back, one after the other
TRIES_OF_ACCOUNT = 10  # from wherever: a password is guessed from many addresses
TRIES_OF_ADDRESS = 30  # for whatever account: an office may share one address
MAX_KEYS = 50_000  # some 10 MB at most


class Tries:
    """What is left of the tries of each key; a full bucket holds ``most`` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._full_at: dict[str, float] = {}
        self._lock = Lock()

    def take(self, key: str, now: float) -> float:
        """Take one try: 0, or the seconds until there is one to take."""
        with self._lock:
            full_at = max(self._full_at.get(key, now), now) + PERIOD / self._most
            wait = full_at - PERIOD - now
            if wait > 1e-6:  # more than a rounding error
                return wait
            if len(self._full_at) >= MAX_KEYS:
                self._full_at = {k: moment for k, moment in self._full_at.items() if moment > now}
                if len(self._full_at) > MAX_KEYS // 2:
                    self._full_at.clear()
            self._full_at[key] = full_at
            return 0.0

    def forget(self, key: str) -> None:
        with self._lock:
            self._full_at.pop(key, None)

    def clear(self) -> None:
        with self._lock:
            self._full_at.clear()


of_accounts, of_addresses = Tries(TRIES_OF_ACCOUNT), Tries(TRIES_OF_ADDRESS)


class LimitedLoginForm(AdminAuthenticationForm):
    """The admin's login, which says how long to wait after many wrong passwords."""

    def clean(self) -> Any:
        account = str(self.cleaned_data.get("username") or "")
        if account and self.cleaned_data.get("password"):
            self._take_try(account)
        cleaned = super().clean()
        if self.get_user() is not None:
            of_accounts.forget(account)
        return cleaned

    def _take_try(self, account: str) -> None:
        now = time.monotonic()
        assert self.request is not None
        address = AddressThrottle().get_ident(self.request)  # type: ignore[arg-type]  # META is all
        wait = of_addresses.take(address, now) or of_accounts.take(account, now)
        if not wait:
            return
        logger.warning("login refused", extra={"account": account, "address": address})
        minutes = math.ceil(wait / 60)
        message = ngettext(
            "Too many wrong passwords. Wait %(n)d minute, then try again.",
            "Too many wrong passwords. Wait %(n)d minutes, then try again.",
            minutes,
        )
        raise ValidationError(message % {"n": minutes}, code="too_many_tries")
