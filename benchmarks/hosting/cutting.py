"""A worker host is cut off in the middle of a rebuild and of publishes, and comes back."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.faulting.journal import Reader
from benchmarks.hosting.measuring import call_rebuild
from benchmarks.hosting.network import ADDRESSES, WORKER_B
from benchmarks.hosting.stage import Stage

PROCESS = [sys.executable, "-m", "benchmarks.faulting.process"]
HELD = """
    SELECT count(*) FROM (
        SELECT worker_id FROM related_rebuildblock WHERE done_at IS NULL
        UNION ALL SELECT worker_id FROM related_document WHERE done_rev < want_rev
    ) AS held WHERE worker_id = ANY(%s)
"""
BLOCKS_OF_B = """
    SELECT worker_id FROM related_rebuildblock JOIN related_worker AS w ON w.id = worker_id
    WHERE done_at IS NULL AND w.host = %s
"""
WORKERS = "SELECT id FROM related_worker WHERE host = %s"
AT_WORK = "SELECT id FROM related_worker WHERE host = %s AND heartbeat_at > %s"
WRITES = """
    SELECT pid FROM pg_stat_activity
    WHERE client_addr = %s::inet AND backend_xid IS NOT NULL AND state = 'idle in transaction'
"""
UNREST = """
    SELECT (SELECT count(*) FROM related_document WHERE done_rev < want_rev)
         + (SELECT count(*) FROM related_rebuildrun WHERE status = 'running')
"""


@dataclass(frozen=True, slots=True)
class CutOff:
    """Seconds, and what was wrong with documents at the end."""

    away: float
    until_freed: float  # the locks that the host held
    until_taken_over: float  # all that it had in hand, by others
    until_back: float  # after its return, until it worked again
    until_calm: float  # after the traffic: nothing waits, no rebuild is at work
    n_changes: int
    n_refused: int
    longest_save: float
    n_documents: int
    n_suggestions: int
    n_stale: int
    n_stale_after_rebuild: int


def cut_off(stage: Stage, *, seconds: float, n_changes: int, pace: float) -> CutOff:
    """Both hosts have to be at work; they are stopped at the end."""
    journal = stage.folder / "saves.jsonl"
    (stage.folder / "deadly").mkdir(exist_ok=True)
    counts = ["--count", str(n_changes), "--pace", str(pace), "--topics-for", "5000"]
    web = stage.web.start(
        "desk", [*PROCESS, "publishing", str(journal), "--seed", "1", *counts], stage.environment
    )
    stage.wait_for(journal.exists, 120, "the first saves")
    call_rebuild(stage, cold=True)
    cut_at = cut_in_a_transaction(stage)
    workers = [key for (key,) in stage.rows(WORKERS, WORKER_B)]
    stage.wait_for(lambda: not stage.rows(WRITES, ADDRESSES[WORKER_B]), 300, "the end of its locks")
    freed = time.monotonic() - cut_at
    stage.wait_for(lambda: stage.rows(HELD, workers) == [(0,)], 300, "A's taking over")
    taken = time.monotonic() - cut_at
    time.sleep(max(0.0, cut_at + seconds - time.monotonic()))
    away = time.monotonic() - cut_at
    ((mended_at,),) = stage.rows("SELECT clock_timestamp()")
    stage.network.mend(WORKER_B)
    back = stage.wait_for(lambda: stage.rows(AT_WORK, WORKER_B, mended_at), 300, "B's return")
    web.popen.wait(1800)
    calm = stage.wait_for(lambda: stage.rows(UNREST) == [(0,)], 900, "calm")
    saves = [entry for entry in Reader(journal).read() if entry["kind"] == "save"]
    stage.stop()
    findings = compare(stage)
    return CutOff(
        away=away,
        until_freed=freed,
        until_taken_over=taken,
        until_back=back,
        until_calm=calm,
        n_changes=n_changes,
        n_refused=sum(bool(entry["error"]) for entry in saves),
        longest_save=max(entry["seconds"] for entry in saves),
        n_documents=findings["n_documents"],
        n_suggestions=findings["n_suggestions"],
        n_stale=len(findings["stale"]),
        n_stale_after_rebuild=len(findings["stale_after_rebuild"]),
    )


def cut_in_a_transaction(stage: Stage) -> float:
    """When (monotonic): B has a block in its hands, and holds locks. The worst moment is tried for
    a hundred times; a cable is pulled out more slowly than a transaction ends."""
    for _ in range(100):
        stage.wait_for(lambda: stage.rows(BLOCKS_OF_B, WORKER_B), 300, "a block in B's hands")
        stage.wait_for(lambda: stage.rows(WRITES, ADDRESSES[WORKER_B]), 60, "a write by B")
        stage.network.cut(WORKER_B)
        cut_at = time.monotonic()
        time.sleep(0.3)  # what was under way has arrived
        if stage.rows(WRITES, ADDRESSES[WORKER_B]):
            return cut_at
        stage.network.mend(WORKER_B)
        time.sleep(1.0)
    raise RuntimeError("B was never met in a transaction")


def compare(stage: Stage) -> dict[str, Any]:
    """Each document with one computed from its text, and again after a cold rebuild."""
    decisions = stage.folder / "decisions.jsonl"
    decisions.touch()
    printed = stage.web.run([*PROCESS, "comparing", str(decisions)], stage.environment)
    findings: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return findings
