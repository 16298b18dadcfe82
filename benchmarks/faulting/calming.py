"""Waits until the newsroom is calm: nothing waits, nothing was set aside, no rebuild is at work.

    python -m benchmarks.faulting.process calming --seconds 120

Exit code 1 when it is not calm in time; says what still waits.
"""

from __future__ import annotations

import argparse
import sys
import time

from django.db import DatabaseError, connection

from related.domain.rebuilding import is_due
from related.enums import RunStatus
from related.models import Document, RebuildRun

SECONDS_BETWEEN_LOOKS = 0.5


def unrest() -> list[str]:
    """What still goes on, in words; empty when it is calm."""
    going_on = [
        f"{row.label} waits: {row.done_rev} of {row.want_rev}, {row.attempts} tries"
        for row in Document.objects.waiting()
    ]
    going_on += [
        f"{run}, {run.phase}" for run in RebuildRun.objects.filter(status=RunStatus.RUNNING)
    ]
    return going_on or (["a rebuild is due"] if is_due() else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    end = time.monotonic() + options.seconds
    going_on = ["nothing was looked at"]
    while time.monotonic() < end:
        try:
            going_on = unrest()
        except DatabaseError:
            connection.close()
        if not going_on:
            return
        time.sleep(SECONDS_BETWEEN_LOOKS)
    print("\n".join(going_on))
    sys.exit(1)
