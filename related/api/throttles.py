"""How many documents one address may ask for: counted in the memory of this process.

No cache, database or Redis is asked, so a read never waits for one and never fails with one, and
nothing is pickled on the way (Django's caches all pickle, the local-memory one included).
Each process counts for itself: with n of them, an address gets n times the rate at most.
"""

from __future__ import annotations

import math
import time
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Any

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

__all__ = ["AddressThrottle"]

MAX_ADDRESSES = 100_000  # some 20 MB at most, however many addresses an attacker owns


class Allowances:
    """A bucket of documents per address (the generic cell rate algorithm).

    A full bucket holds as many documents as one period allows, and fills evenly. All that is kept
    is the moment at which each bucket will be full again; full ones are forgotten.
    """

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._lock = Lock()

    def take(
        self, address: str, allowed: int, period: float, now: float, n_documents: int = 1
    ) -> float:
        """Take documents out of the bucket: 0, or the seconds until there are as many.

        More than a full bucket holds cost all of it.
        """
        with self._lock:
            taken = min(n_documents, allowed)
            full_at = max(self._full_at.get(address, now), now) + taken * period / allowed
            wait = full_at - period - now
            if wait > period * 1e-9:  # more than a rounding error
                return wait
            if len(self._full_at) >= MAX_ADDRESSES:
                self._forget(now)
            self._full_at[address] = full_at
            return 0.0

    def clear(self) -> None:
        with self._lock:
            self._full_at.clear()

    def _forget(self, now: float) -> None:
        self._full_at = {a: moment for a, moment in self._full_at.items() if moment > now}
        if len(self._full_at) > MAX_ADDRESSES // 2:  # else the next requests would sort out again
            self._full_at.clear()


allowances = Allowances()


class AddressThrottle(SimpleRateThrottle):
    """Throttles by ``DEFAULT_THROTTLE_RATES["address"]``, such as ``3000/min``; None is no limit.

    Documents are counted, for a request may ask for a hundred: a view says how many with
    ``n_documents(request)``, and any other request counts as one.

    The address is the one that the outermost of ``NUM_PROXIES`` trusted proxies saw. Without
    proxies (0, or not set) it is the connection's own, and ``X-Forwarded-For`` is not looked at.
    """

    scope = "address"
    allowances = allowances
    num_requests: int | None
    duration: int | None

    def get_rate(self) -> str | None:
        rate = api_settings.DEFAULT_THROTTLE_RATES[self.scope]
        return str(rate) if rate else None

    def allow_request(self, request: Request, view: Any) -> bool:
        n_documents = view.n_documents(request) if hasattr(view, "n_documents") else 1
        return self.take(request, n_documents)

    def take(self, request: Any, n: int) -> bool:
        """Take as many out of the address's bucket, if there are as many."""
        if self.num_requests is None or self.duration is None:
            return True
        address = self.get_ident(request)
        self._wait = self.allowances.take(
            address, self.num_requests, self.duration, time.monotonic(), n
        )
        return self._wait == 0

    def get_ident(self, request: Request) -> str:
        connection = str(request.META.get("REMOTE_ADDR", ""))
        if not api_settings.NUM_PROXIES:  # DRF would take an unset one as: trust every header
            return network_of(connection) or connection
        # What is no address was not written by a proxy.
        return network_of(super().get_ident(request) or "") or network_of(connection) or connection

    def wait(self) -> float:
        """Whole seconds for ``Retry-After``, rounded up: sooner would be refused again."""
        return math.ceil(self._wait)


def network_of(address: str) -> str:
    """What one client holds: an IPv4 address, or 64 bits of an IPv6 one; empty for neither."""
    try:
        ip = ip_address(_without_port(address))
    except ValueError:
        return ""
    if not isinstance(ip, IPv6Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(IPv6Network((ip.packed, 64), strict=False))


def _without_port(address: str) -> str:
    """Some proxies write 192.0.2.1:4711 or [2001:db8::1]:4711; the port is the client's choice."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
