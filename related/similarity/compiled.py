"""The inner loops, compiled by numba where that is installed.

Without numba the same sums are made by NumPy (``array_loops.py``, ``array_words.py``), with results
equal to the last bit. ``PATH`` says which of the two runs; ``RELATED_COMPILED=0`` in the
environment chooses NumPy, for tests and comparisons.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import Literal, TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])

PATH: Literal["numba", "numpy"] = "numba"
if find_spec("numba") is None or os.environ.get("RELATED_COMPILED") == "0":
    PATH = "numpy"


def compiled(function: F) -> F:
    """Machine code for ``function``, run without the interpreter's lock; kept on disk.

    Without numba the function stays as it is, and ``loops`` takes its counterpart instead.
    """
    if PATH == "numpy":
        return function
    from numba import njit

    try:
        return cast("F", njit(nogil=True, cache=True)(function))
    except RuntimeError:  # nowhere to keep it: every process compiles it anew
        return cast("F", njit(nogil=True)(function))
