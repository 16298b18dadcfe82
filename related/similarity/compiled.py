"""The inner loops, compiled by numba where that is installed.

Without numba the same sums are made by NumPy (``array_loops.py``, ``array_words.py``), with results
equal to the last bit. ``RELATED_COMPILED=0`` in the environment chooses NumPy, for tests and
comparisons.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from functools import cache
from typing import Literal, TypeVar, cast

logger = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., object])


@cache
def path() -> Literal["numba", "numpy"]:
    """Which of the two runs here. The first call imports numba, which takes half a second."""
    if os.environ.get("RELATED_COMPILED") == "0":
        return "numpy"
    try:
        import numba  # noqa: F401
    except ModuleNotFoundError:
        return "numpy"
    except ImportError as error:  # one for another NumPy, say
        logger.warning("numba cannot be used, NumPy takes its place", extra={"reason": str(error)})
        return "numpy"
    return "numba"


def compiled(function: F) -> F:
    """Machine code for ``function``, run without the interpreter's lock; kept on disk.

    Without numba the function stays as it is, and ``loops`` takes its counterpart instead.
    """
    if path() == "numpy":
        return function
    from numba import njit

    try:
        return cast("F", njit(nogil=True, cache=True)(function))
    except RuntimeError:  # nowhere to keep it: every process compiles it anew
        return cast("F", njit(nogil=True)(function))
