"""Loops that numba compiles: imported, and compiled or read from disk, when the first one runs.

Importing numba takes half a second and 60 MB, and most processes of a site never compare anything.
"""

from __future__ import annotations

import logging
import os
import stat
import tempfile
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar, cast

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class Compiled(Generic[P, R]):
    """A function that runs as machine code, without the interpreter's lock."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.machine_code(*args, **kwargs)

    @cached_property
    def machine_code(self) -> Callable[P, R]:
        """numba's dispatcher of the function, which compiles it once for each set of types."""
        return cast("Callable[P, R]", _dispatcher(self.function))

    @property
    def _numba_type_(self) -> Any:
        """What numba asks for where a compiled function calls this one."""
        return self.machine_code._numba_type_  # type: ignore[attr-defined]


def compiled(function: Callable[P, R]) -> Compiled[P, R]:
    """Decorator for a loop of plain numbers and arrays; numba passes arguments by position."""
    return Compiled(function)


def _dispatcher(function: Callable[..., Any]) -> Any:
    import numba

    config: Any = numba.config
    chosen = config.CACHE_DIR
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # a read-only installation and no home: numba finds no folder
        config.CACHE_DIR = _folder_of_this_user()
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        _warn_of_no_folder()
        return numba.njit(nogil=True)(function)
    finally:
        config.CACHE_DIR = chosen


def _folder_of_this_user() -> str:
    """A folder that nobody else can write to: what lies there is run. "" where there is none."""
    folder = Path(tempfile.gettempdir()) / f"related-machine-code-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return ""
    is_private = not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and is_private
    return str(folder) if is_ours else ""


@cache
def _warn_of_no_folder() -> None:
    logger.warning(
        "no folder to keep machine code in, every process compiles it again: set NUMBA_CACHE_DIR"
    )
