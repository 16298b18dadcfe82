"""A disk so small that a file of ballast fills it: a tmpfs, which only root may mount."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

BALLAST_STEP = 1 << 20


class SmallDisk:
    """A mounted tmpfs of ``megabytes``; what it holds lies in memory."""

    def __init__(self, megabytes: int, *, owner: str | None = None) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="newsroom-disk-"))
        self._megabytes = megabytes
        self._owner = owner
        self._ballast = self.directory / "ballast"

    @staticmethod
    def is_possible() -> bool:
        """Whether this process may mount at all (root, outside of a strict container)."""
        if os.geteuid() != 0:
            return False
        try:
            with SmallDisk(1):
                return True
        except subprocess.CalledProcessError:
            return False

    def __enter__(self) -> Self:
        command = ["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m", "tmpfs"]
        try:
            subprocess.run([*command, self.directory], check=True, capture_output=True)
        except BaseException:
            self.directory.rmdir()
            raise
        self.directory.chmod(0o700)
        if self._owner is not None:
            shutil.chown(self.directory, self._owner)
        return self

    def __exit__(self, *exception: object) -> None:
        # Lazily: a process that is just ending may still hold a file.
        subprocess.run(["umount", "--lazy", self.directory], check=True)
        self.directory.rmdir()

    def fill(self) -> None:
        """Take all the space that is left."""
        with self._ballast.open("ab", buffering=0) as file:
            step = BALLAST_STEP
            while step:
                try:
                    if file.write(bytes(step)) < step:
                        step //= 2
                except OSError:  # no space left on device
                    step //= 2

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)
