"""One run of the fault suite: traffic, faults at random points of it, calm, comparison."""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.faulting.faults import Fault, possible
from benchmarks.faulting.journal import Entry, Reader
from benchmarks.faulting.stage import Plan, Stage

SECONDS_TO_CALM = 120.0
# Sixteen deadly texts at once kill 48 workers, one after another, and each has to start again.
SECONDS_TO_SET_ASIDE = 1800
# A database fault may still refuse a save this long after it ended: connections come back.
AFTERMATH = 3.0
SECONDS_BETWEEN_LOOKS = 0.1
THREADS = 12
PROCESS = [sys.executable, "-m", "benchmarks.faulting.process"]


@dataclass(frozen=True, slots=True)
class Window:
    """A fault that happened, from ``began`` to ``ended`` (time.time())."""

    fault: Fault
    began: float
    ended: float


@dataclass
class Outcome:
    """What a run showed; ``broken`` names every promise that did not hold."""

    plan: Plan
    faults: Counter[str]
    impossible: list[str]
    saves: list[Entry]
    reads: list[Entry]
    set_aside: list[Entry]
    windows: list[Window]
    seconds_of_traffic: float
    seconds_until_calm: float
    unrest: str  # what still went on after SECONDS_TO_CALM
    findings: dict[str, Any]
    restarts: dict[str, int]
    operator_actions: int = 0  # every step of a run is the suite's own; there is none by hand
    broken: list[str] = field(default_factory=list)

    def during(self, entry: Entry, hits: str) -> bool:
        """Whether a fault of that kind was at work, or had just been, when something was done."""
        end = entry["began"] + entry["seconds"]
        return any(
            w.fault.hits == hits and w.began <= end and entry["began"] <= w.ended + AFTERMATH
            for w in self.windows
        )


def run(plan: Plan, directory: Path) -> Outcome:
    """Run to the end; raises when the suite itself fails."""
    with Stage(plan, directory) as stage:
        (directory / "deadly").mkdir()
        began = time.monotonic()
        desk, editor = _start_traffic(stage)
        saves = Reader(directory / "saves.jsonl")
        impossible = [f.name for f in _missing(stage)]
        windows = _let_faults_happen(stage, desk, saves)
        desk.wait_for(lambda: _is_written(saves, "over"), seconds=SECONDS_TO_SET_ASIDE)
        editor.stop()
        traffic_over = time.monotonic()
        seconds_until_calm, unrest = _wait_for_calm(stage)
        stage.stop_services()
        findings = _compare(stage)
        entries = saves.read()
        outcome = Outcome(
            plan=plan,
            faults=Counter(window.fault.name for window in windows),
            impossible=impossible,
            saves=[e for e in entries if e["kind"] == "save"],
            reads=[e for e in entries if e["kind"] == "read"],
            set_aside=[e for e in entries if e["kind"] == "set aside"],
            windows=windows,
            seconds_of_traffic=traffic_over - began,
            seconds_until_calm=seconds_until_calm,
            unrest=unrest,
            findings=findings,
            restarts={name: s.n_starts - 1 for name, s in stage.services.items()},
        )
    outcome.broken = find_broken(outcome)
    return outcome


def _missing(stage: Stage) -> list[Fault]:
    """Faults of disks, where nothing may be mounted."""
    from benchmarks.faulting.faults import REGISTRY

    return [] if stage.database_disk else [f for f in REGISTRY.values() if "disk" in f.name]


def _start_traffic(stage: Stage) -> tuple[Any, Any]:
    plan, folder = stage.plan, stage.directory
    seed = ["--seed", str(plan.seed)]
    desk = stage.project.start(
        [
            *(*PROCESS, "publishing", str(folder / "saves.jsonl"), *seed),
            *("--count", str(plan.n_publishes), "--pace", str(plan.pace)),
            *("--topics-for", str(stage.n_articles)),
        ]
    )
    editor = stage.project.start(
        [
            *(*PROCESS, "deciding", str(folder / "decisions.jsonl"), *seed),
            *("--pace", str(plan.pace * 5)),
        ]
    )
    return desk, editor


def _is_written(reader: Reader, kind: str) -> bool:
    return any(entry["kind"] == kind for entry in reader.read())


def _has_saved(reader: Reader, n: int) -> bool:
    return sum(entry["kind"] == "save" for entry in reader.read()) >= n


def choose(plan: Plan, faults: list[Fault]) -> list[tuple[int, Fault]]:
    """(after how many saves, fault), in order; every kind comes once before one comes twice."""
    chance = random.Random(f"faults {plan.seed}")
    every = chance.sample(faults, min(plan.n_faults, len(faults)))
    n_more = plan.n_faults - len(every)
    chosen = [*every, *chance.choices(faults, [f.weight for f in faults], k=n_more)]
    chance.shuffle(chosen)
    points = sorted(chance.randrange(plan.n_publishes) for _ in chosen)
    return list(zip(points, chosen, strict=True))


def _let_faults_happen(stage: Stage, desk: Any, saves: Reader) -> list[Window]:
    """Each in a thread of its own, so that they meet; waits until all are over."""
    futures: list[Future[Window]] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for number, (point, fault) in enumerate(choose(stage.plan, possible(stage))):
            desk.wait_for(partial(_has_saved, saves, point), seconds=3600)
            chance = random.Random(f"{stage.plan.seed} {number}")
            futures.append(pool.submit(_happen, fault, stage, chance))
    return [future.result() for future in futures]


def _happen(fault: Fault, stage: Stage, chance: random.Random) -> Window:
    began = time.time()
    fault.happen(stage, chance)
    return Window(fault, began, time.time())


def _wait_for_calm(stage: Stage) -> tuple[float, str]:
    """Seconds until nothing waits and no rebuild is at work, and what still goes on after all."""
    began = time.monotonic()
    calming = stage.project.start(
        [*PROCESS, "calming", "--seconds", str(SECONDS_TO_CALM)], CELERY_BROKER_URL=""
    )
    calming.popen.wait()
    return time.monotonic() - began, calming.output


def _compare(stage: Stage) -> dict[str, Any]:
    """In a process with an empty memory and no snapshots."""
    empty = stage.directory / "no snapshots"
    stage.project.environment |= {"FAULTS_SNAPSHOT_DIR": str(empty), "CELERY_BROKER_URL": ""}
    decisions = stage.directory / "decisions.jsonl"
    compared = stage.project.start([*PROCESS, "comparing", str(decisions)])
    code = compared.popen.wait(900)
    if code:
        raise RuntimeError(f"The comparison ended with {code}:\n{compared.output}")
    findings = compared.output.splitlines()[-1]
    (stage.directory / "findings.json").write_text(findings)
    found: dict[str, Any] = json.loads(findings)
    return found


def find_broken(outcome: Outcome) -> list[str]:
    """Every promise that did not hold, in words."""
    found = outcome.findings
    refused = [s for s in outcome.saves if s["error"] and not outcome.during(s, "database")]
    slow = [
        s
        for s in outcome.saves
        if s["seconds"] >= outcome.plan.longest_save and is_broker_only(outcome, s)
    ]
    unread = [r for r in outcome.reads if r["status"] != 200 and not outcome.during(r, "database")]
    bad = {
        "stale documents after calm": found["stale"],
        "documents that differ after the cold rebuild": found["stale_after_rebuild"],
        "decisions lost or changed": found["decisions"],
        "saves refused without a fault of the database": refused,
        "slow saves while the broker was away": slow,
        "reads not answered with 200 without a fault of the database": unread,
        "operator actions": outcome.operator_actions,
    }
    broken = [f"{what}: {json.dumps(items)[:2000]}" for what, items in bad.items() if items]
    if outcome.unrest:
        broken.append(f"not calm after {SECONDS_TO_CALM:.0f} s: {outcome.unrest[:2000]}")
    n_deadly = outcome.faults["text that kills its worker"]
    n_right = sum(e["is_right"] and e["is_visible"] for e in outcome.set_aside)
    if n_right != n_deadly:
        broken.append(f"{n_right} of {n_deadly} deadly texts set aside after their tries, and seen")
    if sum(outcome.faults.values()) != outcome.plan.n_faults:
        broken.append(f"{sum(outcome.faults.values())} faults, not {outcome.plan.n_faults}")
    return broken


def is_broker_only(outcome: Outcome, save: Entry) -> bool:
    """The broker was away and the database was not."""
    return outcome.during(save, "broker") and not outcome.during(save, "database")
