"""The inner loops, compiled by numba where that is installed.

Without numba the same sums are made by NumPy (``array_loops.py``), with results equal to the last
bit. ``PATH`` says which of the two runs; ``RELATED_COMPILED=0`` in the environment chooses NumPy,
for tests and comparisons.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Literal, TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])

try:
    from numba import njit
except ImportError:
    njit = None  # type: ignore[assignment]

PATH: Literal["numba", "numpy"] = "numba"
if njit is None or os.environ.get("RELATED_COMPILED") == "0":
    PATH = "numpy"


def compiled(function: F) -> F:
    """Machine code for ``function``, run without the interpreter's lock; kept on disk.

    Without numba the function stays as it is, and ``loops`` takes its counterpart instead.
    """
    if PATH == "numpy":
        return function
    return cast("F", njit(nogil=True, cache=True)(function))
