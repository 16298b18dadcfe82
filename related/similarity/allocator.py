"""How the C library takes memory for arrays and gives it back."""

from __future__ import annotations

import ctypes
import platform
from functools import cache

# Smaller ones come and go with every search, up to a million documents: the heap is quicker.
LARGE = 2**22  # bytes
# Parameters of mallopt, as its manual page has them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


@cache
def give_back_large_arrays() -> bool:
    """From now on each large array has pages of its own, which the system gets back at once.

    By itself glibc raises the limit up to 32 MB as large arrays are freed, and takes those to come
    from the heap. There anything small behind them holds their place: workers kept 300 MB that
    nothing lay in. Returns whether the C library knows the setting; others are left alone.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    # Twice as much may lie free at the heap's end, as glibc itself has it.
    return bool(mallopt(_MMAP_THRESHOLD, LARGE) and mallopt(_TRIM_THRESHOLD, 2 * LARGE))
