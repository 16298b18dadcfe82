"""What the programs that measure latencies print alike."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Sequence


def percentile(seconds: Sequence[float], n: int) -> float:
    """The smallest of the values that ``n`` percent of them do not exceed (nearest rank)."""
    return sorted(seconds)[math.ceil(len(seconds) * n / 100) - 1]


def machine() -> str:
    """The machine, and how busy it is at the start."""
    return f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
