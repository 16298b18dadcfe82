"""Folders of plain ``.npy`` files, read through memory maps that processes share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def save_arrays(directory: Path, prefix: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Writes ``<prefix>.<name>.npy`` for each array; creates the folder if needed."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(_path(directory, prefix, name), array, allow_pickle=False)


def load_arrays(
    directory: Path,
    prefix: str,
    dtypes: Mapping[str, str],
    mode: Literal["r", "c"] = "r",
) -> Arrays:
    """Maps the named files of the expected types; nothing is read until it is used.

    ``mode="c"``: what is written to an array stays in this process (copy on write).

    Raises:
        ValueError: a file is missing, cut off, or of another type; the message names it.
    """
    arrays = {}
    for name, dtype in dtypes.items():
        path = _path(directory, prefix, name)
        try:
            array = np.load(path, mmap_mode=mode, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise damaged(path, str(error)) from error
        if array.dtype != np.dtype(dtype):
            raise damaged(path, f"it holds {array.dtype}, not {dtype}")
        arrays[name] = array.view(np.ndarray)
    return arrays


def damaged(path: Path, reason: str) -> ValueError:
    return ValueError(f"The snapshot is damaged: {path}: {reason}. Build it again.")


def check(directory: Path, conditions: Iterable[tuple[str, bool]]) -> None:
    """ValueError with the first description whose condition does not hold."""
    for description, holds in conditions:
        if not holds:
            raise damaged(directory, description)


def _path(directory: Path, prefix: str, name: str) -> Path:
    return directory / f"{prefix}.{name}.npy"
