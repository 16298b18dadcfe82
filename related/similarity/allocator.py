"""How the C library takes memory for arrays and returns it to the system."""

from __future__ import annotations

import ctypes
import platform
from functools import cache

# Smaller arrays come and go with every search, up to a million documents: the heap is quicker.
LARGE = 2**22  # bytes
# Parameters of mallopt, as its manual page has them.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


@cache
def give_back_large_arrays() -> bool:
    """From now on, each large array has pages of its own, which go back to the system when freed.

    By default glibc raises the limit up to 32 MB as large arrays are freed, and takes later ones
    from the heap. There, anything small allocated after them holds their place: workers kept 300 MB
    of nothing. Returns whether the C library knows the setting; others are left alone.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    mallopt = ctypes.CDLL(None).mallopt
    # Twice as much may lie free at the end of the heap, as is glibc's own default.
    return bool(mallopt(_MMAP_THRESHOLD, LARGE) and mallopt(_TRIM_THRESHOLD, 2 * LARGE))
