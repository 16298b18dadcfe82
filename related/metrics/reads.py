"""How long reads of links take, counted by each web process; nothing without prometheus-client.

With ``PROMETHEUS_MULTIPROC_DIR`` set, the processes of a host count in files of that folder, and
any of them answers for all.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

try:
    from prometheus_client import CollectorRegistry, Histogram
except ImportError:
    read_seconds: Any = None
else:
    read_seconds = Histogram(
        "related_read_seconds",
        "Time that a read of links took, by the way it came: api or template.",
        ["door"],
        buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
        registry=CollectorRegistry(),
    )


def timed_read(door: str) -> AbstractContextManager[Any]:
    """While the context is open, links are read for this door."""
    if read_seconds is None:
        return nullcontext()
    timer: AbstractContextManager[Any] = read_seconds.labels(door).time()
    return timer
