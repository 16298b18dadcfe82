"""How many events one address may send, counted apart from the links that it may read."""

from __future__ import annotations

from related.api.throttles import AddressThrottle, Allowances
from related.contrib.clicks.conf import conf

allowances = Allowances()


class ClicksThrottle(AddressThrottle):
    """In the memory of this process; an address is forgotten when its time is over."""

    allowances = allowances

    def get_rate(self) -> str | None:
        return conf.rate
