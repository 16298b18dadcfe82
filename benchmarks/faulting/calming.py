"""Waits until the newsroom is calm: nothing waits, nothing is set aside, no rebuild is at work.

    python -m benchmarks.faulting.process calming --seconds 120

Everything published has to be processed within these seconds. A rebuild that is at work, or due,
makes no document stale and takes as long as its archive is large: it has to end, but later.
Exit code 1 when it is not calm in time; says what still goes on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from django.db import DatabaseError, connection

from related.domain.rebuilds.rebuilding import is_due
from related.enums import RunStatus
from related.models import Document, RebuildRun

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_TO_REBUILD = 900.0


def work_left() -> list[str]:
    """Documents that wait, in words."""
    return [
        f"{row.label} waits: {row.done_rev} of {row.want_rev}, {row.attempts} tries"
        for row in Document.objects.waiting()
    ]


def rebuild_left() -> list[str]:
    """The rebuild that is at work or due, in words."""
    running = RebuildRun.objects.filter(status=RunStatus.RUNNING)
    return [f"{run}, {run.phase}" for run in running] or (["a rebuild is due"] if is_due() else [])


def wait_for_end(look: Callable[[], list[str]], *, seconds: float) -> None:
    """Look until there is nothing; exits with what was seen last when it is still there."""
    end = time.monotonic() + seconds
    going_on = ["nothing was looked at"]
    while time.monotonic() < end:
        try:
            going_on = look()
        except DatabaseError:
            connection.close()
        if not going_on:
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)
    print("\n".join(going_on))
    sys.exit(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    wait_for_end(work_left, seconds=options.seconds)
    wait_for_end(lambda: work_left() + rebuild_left(), seconds=SECONDS_TO_REBUILD)
