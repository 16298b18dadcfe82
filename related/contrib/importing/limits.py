"""How much an archive may expand to, so that a bomb ends as a message and not as a full disk."""

from __future__ import annotations

from dataclasses import dataclass

# One article with its markup, its comments and its fields; more is refused while it is read.
MAX_ITEM_CHARACTERS = 6_000_000


@dataclass(frozen=True)
class Limits:
    """What is read at most, counted in bytes after decompression."""

    file_bytes: int = 20_000_000_000
    total_bytes: int = 50_000_000_000
    # Text shrinks to a quarter; a gzip bomb to a thousandth.
    ratio: int = 250
    ratio_free_bytes: int = (
        20_000_000  # below this any ratio is fine: a small file may repeat itself
    )
    files: int = 100_000


class Meter:
    """Counts what all files of one archive expand to."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.total = 0

    def is_too_much(self, n_bytes: int, file_bytes: int, compressed: int | None) -> bool:
        """Count bytes just read from a file; whether reading must stop here.

        Args:
            file_bytes: what the file has come to with them.
            compressed: what it took on disk so far; None where it is not compressed.
        """
        self.total += n_bytes
        limits = self.limits
        if file_bytes > limits.file_bytes or self.total > limits.total_bytes:
            return True
        is_large = compressed is not None and file_bytes > limits.ratio_free_bytes
        return is_large and file_bytes > limits.ratio * max(compressed or 0, 1)
