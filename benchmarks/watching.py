"""Watches worker processes while a benchmark runs: their memory, and whether work goes on."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import Self


class Watch:
    """``largest_mb`` is the peak memory of any process of the groups, ``longest_stall`` the
    seconds that documents waited while no revision was processed."""

    def __init__(self, groups: list[int]) -> None:
        """``groups`` are ids of process groups; children that come and go belong to them."""
        self.largest_mb = 0.0
        self.longest_stall = 0.0
        self._groups = set(groups)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        from django.db import connection

        done, since = -1, time.monotonic()
        while not self._stop.wait(0.5):
            self.largest_mb = max([self.largest_mb, *self._peaks()])
            now_done, n_waiting = _work()
            if now_done != done or not n_waiting:
                done, since = now_done, time.monotonic()
            self.longest_stall = max(self.longest_stall, time.monotonic() - since)
        connection.close()

    def _peaks(self) -> list[float]:
        peaks = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                # The name may hold spaces and brackets; the group is the third field after it.
                fields = (process / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) in self._groups:
                    peak = re.search(r"VmHWM:\s+(\d+)", (process / "status").read_text())
                    peaks.append(int(peak[1]) / 1024 if peak else 0.0)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
        return peaks


def _work() -> tuple[int, int]:
    """(sum of the revisions processed, number of documents that wait)."""
    from django.db.models import Sum

    from related.models import Document

    done = Document.objects.aggregate(done=Sum("done_rev"))["done"] or 0
    return done, Document.objects.waiting().count()
